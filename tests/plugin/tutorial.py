"""The README's guide as somebody follows it: the blocks of the section, in an environment of one's own."""

import asyncio
import os
import re
import socket
import sys
import time
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

ROOT = Path(__file__).parents[2]
ADDRESS = "127.0.0.1:8080"
PATIENCE_S = 90

_BLOCK = re.compile(r"```(sh|python)\n(.*?)```", re.DOTALL)
_LEFT_RUNNING = "lrs serve\n"


@dataclass(frozen=True)
class Block:
    """One block of the guide: commands, or the content of the file that its first line names."""

    kind: Literal["sh", "python"]
    text: str


def section(readme: str, heading: str) -> list[Block]:
    """Return the blocks below a heading."""
    text = readme.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [Block(cast(Literal["sh", "python"], kind), text) for kind, text in _BLOCK.findall(text)]


class Environment:
    """A virtual environment in which the LRS and what its tests need is installed, and nothing is written to ours.

    `pip` may not go to the network: what it would fetch is there. In the temporary folder the kit has its MongoDB.
    """

    def __init__(self, folder: Path, temporary: Path) -> None:
        self.folder = folder
        venv.create(folder / "venv", with_pip=False, symlinks=True)
        self._bin = folder / "venv" / "bin"
        (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
        ours = [each for each in sys.path if each.endswith("site-packages")]
        (site / "ours.pth").write_text("".join(f"import site; site.addsitedir({each!r})\n" for each in ours))
        self._script("lrs", 'exec python -m lrs "$@"')
        self.port = _free_port()
        self.variables = {name: value for name, value in os.environ.items() if not name.startswith(("LRS_", "PYTEST"))}
        self.variables |= {
            "PATH": f"{self._bin}:{os.environ['PATH']}",
            "VIRTUAL_ENV": str(folder / "venv"),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LRS_PORT": str(self.port),
            "COLUMNS": "300",
            "TMPDIR": str(temporary),
            "PIP_NO_INDEX": "1",
            "PIP_NO_DEPS": "1",
            "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it as the value of build isolation
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }

    def _script(self, name: str, command: str) -> None:
        path = self._bin / name
        path.write_text(f"#!/bin/sh\n{command}\n")
        path.chmod(0o755)


class Reader:
    """Somebody who types the guide's commands into one terminal, and `lrs serve` into another."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self._directory = environment.folder
        self._serving: asyncio.subprocess.Process | None = None
        self._served: str = ""

    async def follow(self, block: Block) -> str:
        """Do what a block says, and return what was printed. Raises: AssertionError where a command fails."""
        text = block.text.replace(ADDRESS, f"127.0.0.1:{self.environment.port}")
        if block.kind == "python":
            name = text.splitlines()[0].removeprefix("# ")
            (self._directory / name).write_text(text)
            return ""
        if text.endswith(_LEFT_RUNNING):
            self._served = text
            await self.serve()
            return ""
        return await self.type(text)

    async def type(self, commands: str) -> str:
        """Run commands in the directory that the ones before have left."""
        left = self.environment.folder / "left"
        process = await asyncio.create_subprocess_exec(
            *("bash", "-ec", f"{commands}\npwd > {left}"),
            cwd=self._directory,
            env=self.environment.variables,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await process.communicate()
        assert process.returncode == 0, f"{commands}\n{printed.decode()}"
        self._directory = Path(left.read_text().strip())
        return printed.decode()

    async def until(self, command: str, words: str) -> str:
        """Run a command until it prints the words: the worker may be a moment behind."""
        limit = time.monotonic() + PATIENCE_S
        while words not in (printed := await self.type(command)):
            assert time.monotonic() < limit, printed
            await asyncio.sleep(0.2)
        return printed

    async def serve(self) -> None:
        """Run the block that ends with `lrs serve`, and wait until it says that it is ready."""
        log = self.environment.folder / "serve.log"
        with log.open("wb") as written:
            self._serving = await asyncio.create_subprocess_exec(
                *("bash", "-ec", self._served.replace(_LEFT_RUNNING, f"exec {_LEFT_RUNNING}")),
                cwd=self._directory,
                env=self.environment.variables,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=written,
                stderr=written,
            )
        limit = time.monotonic() + PATIENCE_S
        while "Ready: " not in (said := log.read_text()):
            assert self._serving.returncode is None, said[-2000:]
            assert time.monotonic() < limit, said[-2000:]
            await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """Press Ctrl-C in the other terminal."""
        if self._serving is not None and self._serving.returncode is None:
            self._serving.terminate()
            await asyncio.wait_for(self._serving.wait(), PATIENCE_S)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
