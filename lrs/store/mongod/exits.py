"""Why a mongod ended, read from its exit status and its log of JSON lines."""

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path

from lrs.errors import StartupError

PORT_TAKEN = 48
"""The exit status when another program listens on the port."""

_TAIL = 256 * 1024

_CAUSES = (
    (
        r"DBPathInUse|Unable to lock the lock file",
        "the data directory belongs to a running mongod",
        "another LRS_DATA_DIR, or stop that mongod first",
    ),
    (
        r"Wrong mongod version|featureCompatibilityVersion|unsupported WiredTiger file version",
        "the data was written by another version of MongoDB",
        "a mongod of the version that wrote the data, or one newer by one major version (LRS_MONGOD)",
    ),
    (r"No space left on device", "the disk is full", "at least 300 MB free"),
    (
        r"Permission denied|Operation not permitted|permissions on .* are too open",
        "mongod may not use its files",
        "files of this user: chown -R, and chmod 600 on keyfile",
    ),
    (
        r"aborting after fassert|WT_PANIC|WT_ERROR|InvalidBSON|Data corruption|checksum error",
        "the data files are damaged",
        "a backup, or `mongod --repair --dbpath` on a copy",
    ),
)


def explain(status: int, log: Path) -> StartupError:
    """The error to show for a mongod that ended by itself.

    `status` as of `Process.returncode`: negative for the signal that ended it. `log` holds this run only.
    """
    lines = _lines(log)
    severe = [text for severity, text in lines if severity in "EF"] or [text for _, text in lines[-3:]]
    for pattern, what, accepted in _CAUSES:
        for text in severe:
            if re.search(pattern, text):
                return StartupError(what, where="LRS_DATA_DIR", why=f"{text[:400]}, see {log}", accepted=accepted)
    last = severe[-1][:400] if severe else "it wrote no reason"
    return StartupError("mongod ended early", where="LRS_DATA_DIR", why=f"{_how(status)}: {last}, see {log}")


def _how(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    return f"killed by {signal.Signals(-status).name}"


def _lines(log: Path) -> list[tuple[str, str]]:
    """(severity, text) of the log's last lines; what is no JSON came before the log was opened, and is an error."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL))
            return list(_parsed(file.read().decode(errors="replace").splitlines()))
    except FileNotFoundError:
        return []


def _parsed(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        try:
            entry = json.loads(line)
            yield entry["s"], f"{entry['msg'].strip()}: {json.dumps(entry.get('attr', {}))}"
        except (ValueError, KeyError, AttributeError):
            if line.strip():
                yield "E", line.strip()
