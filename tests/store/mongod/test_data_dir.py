import socket
import stat
from pathlib import Path

import pytest

from lrs.errors import StartupError
from lrs.store.mongod.data_dir import DataDirectory


@pytest.fixture
def directory(tmp_path: Path) -> DataDirectory:
    return DataDirectory(tmp_path / "deep" / "data")


def test_secrets_are_readable_by_their_owner_only(directory: DataDirectory) -> None:
    directory.open()
    directory.close()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (directory.path, *directory.path.iterdir())}
    assert modes == {"data": 0o700, "mongo": 0o700, "keyfile": 0o600, "password": 0o600, "lock": 0o600}


def test_secrets_stay_the_same(directory: DataDirectory) -> None:
    directory.open()
    before = directory.password(), directory.key_file.read_text()
    directory.close()
    directory.open()
    directory.close()
    assert (directory.password(), directory.key_file.read_text()) == before
    assert len(before[0]) >= 24


def test_an_existing_folder_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    directory = DataDirectory(tmp_path)
    directory.open()
    directory.close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_second_holder_is_told_the_first_ones_process(directory: DataDirectory) -> None:
    directory.open()
    second = DataDirectory(directory.path)
    with pytest.raises(StartupError) as refused:
        second.open()
    assert refused.value.where == "LRS_DATA_DIR"
    assert (directory.path / "lock").read_text().strip() in refused.value.why
    directory.close()
    second.open()
    second.close()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StartupError) as refused:
        DataDirectory(tmp_path / "file" / "data").open()
    assert refused.value.where == "LRS_DATA_DIR"
    assert str(tmp_path / "file") in refused.value.why


def test_a_full_disk_is_refused_before_the_start(directory: DataDirectory) -> None:
    directory.open()
    with pytest.raises(StartupError, match="disk is full") as refused:
        directory.require_space(least=2**62)
    assert "MB are free" in refused.value.why
    directory.close()


def test_the_port_is_kept_while_it_is_free(directory: DataDirectory) -> None:
    directory.open()
    port = directory.keep_free_port()
    assert directory.keep_free_port() == port == directory.port()
    with socket.create_server(("127.0.0.1", port)):
        other = directory.keep_free_port()
    assert other != port
    assert directory.keep_free_port() == other
    directory.close()


def test_the_last_three_logs_are_kept(directory: DataDirectory) -> None:
    directory.open()
    for run in range(6):
        directory.rotate_log()
        directory.log.write_text(f"run {run}")
    directory.close()
    logs = {path.name: path.read_text() for path in directory.path.glob("mongod.log*")}
    assert logs == {"mongod.log": "run 5", "mongod.log.1": "run 4", "mongod.log.2": "run 3", "mongod.log.3": "run 2"}
