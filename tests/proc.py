"""What a process costs, as Linux counts it: CPU and memory."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """Return the seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory(pid: int, name: Literal["VmRSS", "VmHWM"]) -> int:
    """Return VmRSS, the memory in use, or VmHWM, the most since `forget_most`; in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split(f"{name}:")[1].split()[0]) * 1024


def forget_most(pid: int) -> int:
    """Let VmHWM begin again at the memory in use; return that."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return memory(pid, "VmRSS")


@contextmanager
def cpu_used(pid: int) -> Iterator[list[float]]:
    """Give a list that holds, after the block, the seconds of CPU that a process used in it."""
    used: list[float] = []
    before = cpu_s(pid)
    yield used
    used.append(cpu_s(pid) - before)
