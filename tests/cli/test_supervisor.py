"""`lrs serve` as a process of its own, with real signals and kills; its children are stand-ins, mongod is real."""

import os
import signal
import socket
import stat
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from lrs.cli import state
from lrs.cli.supervisor import environment
from lrs.settings import Settings
from lrs.store.mongod import running_url
from lrs.store.mongod.process import command_line
from tests.cli.stand_in import COMMAND

ROOT = Path(__file__).parents[2]


def eventually(check: Callable[[], object], seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < limit, "it never happened"
        time.sleep(0.02)


class Serving:
    """A supervisor on `data_dir`, ready to serve unless told otherwise."""

    def __init__(self, data_dir: Path, *, port: int = 0, wait: bool = True, **variables: str) -> None:
        self.data_dir = data_dir
        chosen = {"LRS_DATA_DIR": str(data_dir), "LRS_PORT": str(port), "PYTHONPATH": str(ROOT)} | variables
        self.process = subprocess.Popen(
            (*COMMAND, "supervise"),
            cwd=ROOT,
            env={**os.environ, **chosen},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said = self._until_ready() if wait else []

    def _until_ready(self) -> list[str]:
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if line.startswith("Ready: "):
                return said
        raise AssertionError(f"it ended: {self.process.communicate()}")

    @property
    def address(self) -> str:
        return self.state()[0]

    def state(self) -> tuple[str, state.Pids]:
        found = state.read(self.data_dir)
        assert found is not None
        return found

    def pids(self, name: str) -> list[int]:
        pids = self.state()[1][name]
        assert isinstance(pids, list)
        return pids

    def pid(self, name: str) -> int:
        pid = self.state()[1][name]
        if isinstance(pid, list):
            pid = pid[0] if pid else None
        return pid or 0

    def get(self, path: str, timeout: float = 10) -> dict[str, Any]:
        answer = httpx.get(f"{self.address}{path}", timeout=timeout, trust_env=False)
        assert answer.status_code == 200
        return dict(answer.json())

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send the signal. Returns: exit status and what it wrote on its standard error."""
        with suppress(ProcessLookupError):
            self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors


def is_running(pid: int) -> bool:
    return bool([part for part in command_line(pid) if part])


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A data directory; a mongod that a killed supervisor left there is ended."""
    path = tmp_path / "data"
    yield path
    found = state.read(path)
    mongod = found[1]["mongod"] if found is not None else None
    if isinstance(mongod, int) and str(path / "mongo") in command_line(mongod):
        os.kill(mongod, signal.SIGKILL)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    serving = Serving(tmp_path_factory.mktemp("supervisor") / "data")
    yield serving
    serving.end()


def test_a_running_server_says_where_it_is_and_which_processes_it_has(server: Serving) -> None:
    assert server.said[-1] == f"Ready: {server.address}/ (xAPI endpoint: {server.address}/xapi)\n"
    assert stat.S_IMODE((server.data_dir / "server.json").stat().st_mode) == 0o600
    eventually(lambda: server.pid("worker"))
    pids = [server.pid(name) for name in ("supervisor", "http", "worker", "mongod")]
    assert all(is_running(pid) for pid in pids)
    assert pids[0] == server.process.pid
    assert len(set(pids)) == 4


def test_the_children_are_told_the_database_and_the_port(server: Serving) -> None:
    variables = server.get("/")["environment"]
    assert variables["LRS_MONGODB_URL"] == running_url(server.data_dir)
    assert variables["LRS_DATA_DIR"] == str(server.data_dir)
    assert server.address == f"http://127.0.0.1:{variables['LRS_PORT']}"


def test_a_killed_http_process_is_replaced_and_no_connection_is_refused_meanwhile(server: Serving) -> None:
    before = server.get("/")["pid"]
    os.kill(before, signal.SIGKILL)
    eventually(lambda: not is_running(before))
    after = server.get("/")["pid"]
    assert after != before
    assert server.pid("http") == after


def test_a_killed_worker_is_replaced(server: Serving) -> None:
    eventually(lambda: server.pid("worker"))
    before = server.pid("worker")
    os.kill(before, signal.SIGKILL)
    eventually(lambda: server.pid("worker") not in (0, before))
    assert is_running(server.pid("worker"))


def test_a_killed_mongod_comes_back_at_the_same_address_and_the_others_stay(server: Serving) -> None:
    url, before, http = running_url(server.data_dir), server.pid("mongod"), server.pid("http")
    os.kill(before, signal.SIGKILL)
    eventually(lambda: server.pid("mongod") not in (0, before))
    assert running_url(server.data_dir) == url
    assert server.get("/")["pid"] == http


def test_a_second_server_on_the_same_data_is_refused(server: Serving) -> None:
    second = Serving(server.data_dir, wait=False)
    _, errors = second.process.communicate(timeout=60)
    assert second.process.returncode == 1
    assert f"process {server.process.pid} holds {server.data_dir}" in errors
    assert server.pid("supervisor") == server.process.pid


def test_a_stop_answers_what_is_in_progress_and_leaves_nothing_behind(data_dir: Path) -> None:
    server = Serving(data_dir)
    eventually(lambda: server.pid("worker"))
    pids = [server.pid(name) for name in ("http", "worker", "mongod")]
    answers: list[dict[str, Any]] = []
    request = threading.Thread(target=lambda: answers.append(server.get("/slow")))
    request.start()
    time.sleep(0.3)
    status, _ = server.end(signal.SIGTERM)
    request.join()
    assert status == 0
    assert [answer["pid"] for answer in answers] == pids[:1]
    assert not any(is_running(pid) for pid in pids)
    assert state.read(data_dir) is None


def test_after_a_kill_of_the_supervisor_the_next_one_takes_over_port_and_mongod(data_dir: Path) -> None:
    first = Serving(data_dir)
    eventually(lambda: first.pid("worker"))
    port = int(first.address.rsplit(":", 1)[1])
    http, worker, mongod = (first.pid(name) for name in ("http", "worker", "mongod"))
    first.end(signal.SIGKILL)
    second = Serving(data_dir, port=port)
    assert not is_running(http)
    assert not is_running(worker)
    assert second.pid("mongod") == mongod
    assert second.get("/")["pid"] == second.pid("http")
    assert second.end()[0] == 0
    assert not is_running(mongod)


def test_a_stop_during_the_start_leaves_nothing_behind(data_dir: Path) -> None:
    server = Serving(data_dir, wait=False)
    eventually((data_dir / "mongod.log").exists)
    assert server.end(signal.SIGINT) == (0, "")
    assert running_url(data_dir) is None


@pytest.mark.parametrize("child", ["http", "worker"])
def test_a_child_that_refuses_to_start_ends_the_whole_with_its_status(
    server: Serving, data_dir: Path, child: str
) -> None:
    url = running_url(server.data_dir)
    assert url is not None
    refused = Serving(data_dir, wait=False, STAND_IN_REFUSES=child, LRS_MONGODB_URL=url)
    _, errors = refused.process.communicate(timeout=60)
    assert refused.process.returncode == 1
    assert errors == f"{child} refuses\n"


def test_several_http_processes_share_the_port_and_a_killed_one_is_replaced_alone(
    server: Serving, data_dir: Path
) -> None:
    url = running_url(server.data_dir)
    assert url is not None
    several = Serving(data_dir, LRS_WORKERS="3", LRS_MONGODB_URL=url)
    eventually(lambda: len(several.pids("http")) == 3)
    before = several.pids("http")
    eventually(lambda: {several.get("/")["pid"] for _ in range(30)} == set(before))
    os.kill(before[1], signal.SIGKILL)
    eventually(lambda: len(set(several.pids("http")) - set(before)) == 1)
    after = several.pids("http")
    assert (after[0], after[2]) == (before[0], before[2])
    assert {several.get("/")["pid"] for _ in range(10)} <= set(after)
    assert several.end()[0] == 0
    assert not any(is_running(pid) for pid in after)


def test_a_port_of_another_program_is_named(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        server = Serving(data_dir, port=port, wait=False)
        _, errors = server.process.communicate(timeout=60)
    assert server.process.returncode == 1
    assert errors.startswith(f"LRS_PORT: the port is taken: 127.0.0.1:{port}")


def test_a_host_that_is_not_of_this_machine_is_named(data_dir: Path) -> None:
    server = Serving(data_dir, wait=False, LRS_HOST="192.0.2.1")
    _, errors = server.process.communicate(timeout=60)
    assert server.process.returncode == 1
    assert errors.startswith("LRS_HOST: ")


def test_a_database_that_is_not_there_is_named(data_dir: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"mongodb://127.0.0.1:{unused.getsockname()[1]}/?serverSelectionTimeoutMS=500"
        server = Serving(data_dir, wait=False, LRS_MONGODB_URL=url)
        _, errors = server.process.communicate(timeout=60)
    assert server.process.returncode == 1
    assert errors.startswith("LRS_MONGODB_URL: MongoDB can't be reached")


def test_a_child_reads_the_settings_of_its_parent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LRS_API_KEY", "of the shell")
    chosen = Settings.model_validate({"api_key": None, "api_secret": "s3cret", "timezone": "Europe/Berlin"})
    for name, value in environment(chosen, {"port": 4711, "data_dir": tmp_path}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("LRS_API_KEY")
    assert Settings() == chosen.model_copy(update={"port": 4711, "data_dir": tmp_path})
    assert "LRS_API_KEY" not in environment(chosen, {})
