"""A server and a worker of the least kind, to be supervised in place of the real ones.

`supervise` reads the settings from the environment as `lrs serve` does; `http` answers its process id, environment,
and slowly on request; STAND_IN_REFUSES names a child that refuses to start.
"""

import asyncio
import json
import os
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from lrs.cli import supervisor
from lrs.errors import StartupError
from lrs.settings import from_environment

COMMAND = (sys.executable, "-m", "tests.cli.stand_in")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/slow":
            time.sleep(1)
        answer = {"pid": os.getpid(), "environment": dict(os.environ)}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for the answers in progress


def http(fd: int) -> None:
    with Server(("", 0), Handler, bind_and_activate=False) as server:
        server.socket.close()
        server.socket = socket.socket(fileno=fd)
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
        server.serve_forever(poll_interval=0.05)


def supervise() -> int:
    children = supervisor.Children(http=(*COMMAND, "http", "{fd}"), worker=(*COMMAND, "worker"))
    try:
        return asyncio.run(supervisor.run(from_environment(), worker=True, children=children))
    except StartupError as error:
        print(error, file=sys.stderr)
        return 1


def main(name: str, *arguments: str) -> int:
    if name == "supervise":
        return supervise()
    supervisor.die_with_parent()
    if os.environ.get("STAND_IN_REFUSES") == name:
        print(f"{name} refuses", file=sys.stderr)
        return 1
    if name == "http":
        http(int(arguments[0]))
    else:
        signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
