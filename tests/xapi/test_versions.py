import pytest

from lrs.errors import BadRequest
from lrs.xapi.versions import Version, default_statement_version, is_statement_version, negotiate


@pytest.mark.clause("Communication 3.3")
@pytest.mark.parametrize("header", ["1.0", "1.0.0", "1.0.1", "1.0.3", "1.0.9", "1.0.10", " 1.0.3 "])
def test_every_version_1_0_is_served_as_the_latest_patch(header: str) -> None:
    assert negotiate(header) is Version.V1
    assert str(negotiate(header)) == "1.0.3"


@pytest.mark.clause("IEEE 9274.1.1 4.1.1")
@pytest.mark.parametrize("header", ["2.0", "2.0.0", "2.0.1"])
def test_every_version_2_0_is_served_as_2_0_0(header: str) -> None:
    assert negotiate(header) is Version.V2
    assert str(negotiate(header)) == "2.0.0"


@pytest.mark.clause("Communication 3.3")
@pytest.mark.parametrize(
    "header", ["", "0.8", "0.9", "0.95", "1", "1.1.0", "1.0.", "1.0.x", "2.1.0", "3.0.0", "BAD", "1.0.٣", "1.0\n."]
)
def test_another_version_is_refused_with_the_list_of_those_served(header: str) -> None:
    with pytest.raises(BadRequest) as caught:
        negotiate(header, "1.0.3")

    assert caught.value.where == "X-Experience-API-Version"
    assert caught.value.accepted == "1.0, 1.0.x, 2.0, 2.0.x"


@pytest.mark.clause("Communication 3.3")
def test_a_missing_version_is_refused_unless_there_is_a_default() -> None:
    with pytest.raises(BadRequest) as caught:
        negotiate(None)

    assert caught.value.where == "X-Experience-API-Version"
    assert negotiate(None, "1.0.3") is Version.V1
    assert negotiate(None, "2.0.0") is Version.V2
    assert negotiate("1.0", "2.0.0") is Version.V1


@pytest.mark.clause("Data 2.4.10")
@pytest.mark.parametrize("value", ["1.0", "1.0.0", "1.0.3", "1.0.9", "1.0.0-beta"])
def test_a_statement_of_any_1_0_is_taken_by_both_versions(value: str) -> None:
    assert is_statement_version(value, Version.V1)
    assert is_statement_version(value, Version.V2)


@pytest.mark.clause("Data 2.4.10")
@pytest.mark.parametrize("value", ["0.9.9", "1.1.0", "3.0.0", "", "1.0.", "should fail", 1.0, None, ["1.0"]])
def test_a_statement_of_another_version_is_taken_by_none(value: object) -> None:
    assert not is_statement_version(value, Version.V1)
    assert not is_statement_version(value, Version.V2)


@pytest.mark.clause("Data 2.4.10")
def test_a_statement_of_2_0_is_taken_in_2_0_only() -> None:
    assert is_statement_version("2.0.0", Version.V2)
    assert not is_statement_version("2.0.0", Version.V1)


@pytest.mark.clause("Data 2.4.10")
def test_the_version_set_is_the_first_patch() -> None:
    assert default_statement_version(Version.V1) == "1.0.0"
    assert default_statement_version(Version.V2) == "2.0.0"
