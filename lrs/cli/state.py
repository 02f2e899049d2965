"""`server.json` in LRS_DATA_DIR: which processes serve it now, and where."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from lrs.store.mongod.data_dir import replace

Pids: TypeAlias = dict[str, int | list[int] | None]
"""`supervisor`, `http` (a list), `worker` and `mongod`; None for what doesn't run."""


def write(data_dir: Path, address: str, pids: Mapping[str, int | list[int] | None]) -> None:
    """Keep the state for other commands. A folder that can't be written is no reason not to serve."""
    with suppress(OSError):
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace(data_dir / "server.json", json.dumps({"address": address, "pids": pids}, indent=2))


def read(data_dir: Path) -> tuple[str, Pids] | None:
    """(address, pids) of the last server; None after a clean stop. After a kill it names processes that are gone."""
    try:
        state = json.loads((data_dir / "server.json").read_text())
        return state["address"], state["pids"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def clear(data_dir: Path, supervisor: int) -> None:
    """Forget the state, unless it is another supervisor's by now."""
    state = read(data_dir)
    if state is not None and state[1].get("supervisor") == supervisor:
        with suppress(OSError):
            (data_dir / "server.json").unlink()
