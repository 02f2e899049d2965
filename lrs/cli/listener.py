"""The listening socket: bound once by the supervisor, inherited by the HTTP processes.

Connections that arrive while an HTTP process is started again wait in its queue instead of being refused.
"""

import asyncio
import errno
import socket
import time

from lrs.errors import StartupError

_BACKLOG = 2048
_PATIENCE_SECONDS = 3.0
"""How long the HTTP process of a killed server may take to let go of the port."""


async def listen(host: str, port: int) -> socket.socket:
    """A TCP socket that listens on `host` and `port`; port 0 takes a free one.

    Raises: StartupError naming LRS_HOST or LRS_PORT.
    """
    limit = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return _bound(host, port)
        except socket.gaierror as error:
            raise StartupError("no such address", where="LRS_HOST", why=f"{host}: {error.strerror}") from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > limit:
                raise _refused(host, port, error) from error
            await asyncio.sleep(0.1)


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


def _refused(host: str, port: int, error: OSError) -> StartupError:
    why = f"{host}:{port}: {error.strerror}"
    if error.errno == errno.EADDRINUSE:
        accepted = "a port no other program listens on, or 0 for any free one"
        return StartupError("the port is taken", where="LRS_PORT", why=why, accepted=accepted)
    if error.errno == errno.EACCES:
        accepted = "a port from 1024 on, or 0 for any free one"
        return StartupError("the port may not be used", where="LRS_PORT", why=why, accepted=accepted)
    accepted = "an address of this machine, 127.0.0.1 for itself only, 0.0.0.0 for all"
    return StartupError("the address can't be listened on", where="LRS_HOST", why=why, accepted=accepted)
