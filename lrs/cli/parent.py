"""A child process that ends with its supervisor, however that one ends: an orphan would hold the port."""

import ctypes
import os
import signal
import sys
import threading
import time

VARIABLE = "LRS_SUPERVISOR_PID"
"""Set by the supervisor for its children; a process started by hand lives on its own."""

_PR_SET_PDEATHSIG = 1  # prctl(2), <linux/prctl.h>
_POLL_SECONDS = 1.0


def is_supervised() -> bool:
    """Whether a supervisor started this process: it looks after the database, too."""
    return VARIABLE in os.environ


def die_with_parent() -> None:
    """Have this process receive SIGTERM when its supervisor is gone. Call first, in the main thread.

    Does nothing without LRS_SUPERVISOR_PID. Raises: SystemExit when the supervisor is gone already.
    """
    supervisor = os.environ.get(VARIABLE, "")
    if not supervisor.isdecimal():
        return
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    else:
        threading.Thread(target=_watch, args=(int(supervisor),), daemon=True).start()
    # It may have ended between our start and the call above, which then never fires.
    if os.getppid() != int(supervisor):
        raise SystemExit(0)


def _watch(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(_POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
