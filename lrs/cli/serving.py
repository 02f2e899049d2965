"""`lrs serve`, and the processes it supervises: `lrs http` and `lrs worker`."""

import asyncio
import contextlib
import gc
import signal
import socket
import sys
from typing import Annotated

import typer

from lrs import cli, settings
from lrs.cli import logs, parent, supervisor
from lrs.core.credentials import FirstCredential
from lrs.errors import StartupError
from lrs.settings import Settings
from lrs.store.connection import connect, verify

REQUEST_OBJECTS, BATCH_OBJECTS = 20_000, 200_000  # made before the garbage collector looks at the new ones
DRAIN_S = 25  # how long requests may take to end after a request to stop; below the supervisor's 30 s


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(serve)
    app.command(hidden=True)(http)
    app.command()(worker)


def serve(
    worker: Annotated[bool, typer.Option(help="Also run the worker, which derives metrics.")] = True,
) -> None:
    """Run the LRS: its private MongoDB (unless LRS_MONGODB_URL names one), the HTTP server and the worker."""
    chosen = settings.from_environment()
    logs.configure(chosen)
    cli.run(supervisor.run(chosen, worker=worker and chosen.worker == "on"))


def http(fd: Annotated[int | None, typer.Option(help="A listening socket that is open already.")] = None) -> None:
    """Run one HTTP process on LRS_MONGODB_URL."""
    # What only this process needs takes half a second to import: the others start that much sooner after a kill.
    import uvicorn

    from lrs.app import create_app

    chosen = _child_settings()
    application = create_app(chosen, announce=_announce)
    _collect_less(REQUEST_OBJECTS)
    config = uvicorn.Config(
        application,
        host=chosen.host,
        port=chosen.port,
        loop="uvloop" if sys.platform != "win32" else "asyncio",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=DRAIN_S,
    )
    asyncio.run(_verify(chosen))
    sockets = None if fd is None else [socket.socket(fileno=fd)]
    uvicorn.Server(config).run(sockets=sockets)


def worker() -> None:
    """Run the worker on LRS_MONGODB_URL: it reads statements into interactions and metrics."""
    chosen = _child_settings()
    cli.run(_work(chosen), _fastest_loop())


def _collect_less(threshold: int) -> None:
    """Spare the process the garbage collector's long pauses: what is there now stays, and a list of statements makes
    thousands of objects that all go with it. The slowest requests take half the time so, and reading statements into
    interactions three quarters (tests/bench).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(threshold)


def _fastest_loop() -> cli.Runner:
    """uvloop, where there is one: reading statements into interactions takes a tenth less time on it (tests/bench)."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run
    return uvloop.run


async def _work(chosen: Settings) -> None:
    from lrs.worker import Worker  # here for the same reason as in `http`

    assert chosen.mongodb_url is not None
    await _verify(chosen)
    _collect_less(BATCH_OBJECTS)
    async with connect(chosen.mongodb_url) as client:
        working = asyncio.create_task(Worker(client).run())
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, working.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await working


async def _verify(chosen: Settings) -> None:
    """Check the database, unless a supervisor does: that one starts its processes while mongod is starting."""
    if parent.is_supervised():
        return
    assert chosen.mongodb_url is not None
    async with connect(chosen.mongodb_url) as client:
        await verify(client)


def _child_settings() -> Settings:
    supervisor.die_with_parent()
    chosen = settings.from_environment()
    logs.configure(chosen)
    if chosen.mongodb_url is None:
        raise StartupError("this process needs a database", where="LRS_MONGODB_URL", accepted="`lrs serve` starts one")
    return chosen


def _announce(first: FirstCredential) -> None:
    print(f"The first credential, shown only now:  key {first.key}  secret {first.secret}", flush=True)
