"""xAPI Data 4.0: extensions, language maps, UUIDs, timestamps and durations."""

from datetime import datetime
from typing import Any

import pytest

from lrs.xapi import Json
from lrs.xapi.versions import Version
from tests.api.samples import COURSE, UNKNOWN_ID, identified
from tests.conformance.asking import EMPTY, NOTHING, Case, Xapi, by_clause, having, only, within

PLACES = ("result.extensions", "context.extensions", "object.definition.extensions")
MAPS = ("verb.display", "object.definition.name", "object.definition.description")
TIMESTAMPS = (
    "2020",
    "2020-01-01T",
    "01/01/2020",
    "2020-13-01T00:00:00Z",
    "2020-02-30T00:00:00Z",
    "2020-01-01T25:00:00Z",
    "2020-01-01T12:60:00Z",
    "2020-01-01T12:00:00-00",
    "2020-01-01T12:00:00-0000",
    "2020-01-01T12:00:00-00:00",
    "2020-01-01T12:00:00+25:00",
    "20200101T120000Z ",
)
DURATIONS = ("PT", "P", "1H", "P1S", "PT1D", "P4W1D", "PT1.5H30M", "P1M1Y", "-", "PT1H ", "pt1h")
ALTERNATIVE = ("P0003-06-04T12:30:05", "P00030604T123005", "PT12:30:05")
INSTANTS = (
    ("2020-01-01T12:00:00Z", "2020-01-01T12:00:00+00:00"),
    ("2020-01-01T12:00:00.123+02:00", "2020-01-01T10:00:00.123+00:00"),
    ("2020-01-01T12:00:00.123-0530", "2020-01-01T17:30:00.123+00:00"),
    ("2020-01-01T12:00:00.1234567+00:00", "2020-01-01T12:00:00.123+00:00"),
)

REFUSED = [
    *(
        Case("Data 4.1/1", f"{place} {key!r}", having(place, {key: 1}))
        for place in PLACES
        for key in ("x", "", "ab=c://x", "a b", "/x")
    ),
    *(
        Case("Data 4.2/1", f"{place} {value!r}", having(place, {"en": value}))
        for place in MAPS
        for value in (1, NOTHING, EMPTY)
    ),
    *(
        Case("Data 4.4/1", value, having("context.registration", value))
        for value in (UNKNOWN_ID.replace("-", ""), "{" + UNKNOWN_ID + "}", UNKNOWN_ID[:-1], UNKNOWN_ID + "0", "x")
    ),
    *(Case("Data 4.5/1", value, having("timestamp", value)) for value in TIMESTAMPS),
    *(Case("Data 4.5/1", f"stored {value}", having("stored", value)) for value in TIMESTAMPS[:6]),
    *(Case("Data 4.6/1", value, having("result.duration", value)) for value in DURATIONS),
    *(Case("Data 4.6/2", value, having("result.duration", value)) for value in ALTERNATIVE),
]


@pytest.mark.parametrize("statements", by_clause(REFUSED))
async def test_a_value_that_does_not_follow_its_type_is_refused(xapi: Xapi, statements: list[Json]) -> None:
    await xapi.refuses(*statements)


VALUES: list[Any] = [None, "", True, 0, 1e300, [], {}, [[None]], {"a": {"": None}}, "\u0000", "😀", {"http://x": "y"}]


@pytest.mark.clause("Data 4.1/2")
@pytest.mark.parametrize("place", PLACES)
async def test_every_value_of_an_extension_is_taken_and_kept(xapi: Xapi, place: str) -> None:
    extensions = [{"http://example.org/x": value, "mailto:x@example.org": value} for value in [*VALUES, ["x"] * 999]]
    await xapi.keeps([(place, each) for each in extensions])


@pytest.mark.clause("Data 4.1/1", "Data 4.1/2")
@pytest.mark.parametrize("place", PLACES)
async def test_a_map_of_no_extensions_is_taken(xapi: Xapi, place: str) -> None:
    assert (await xapi.post(having(place, {}))).status_code == 200


@pytest.mark.clause("Data 4.2/1")
@pytest.mark.parametrize("place", MAPS)
async def test_a_language_map_is_taken_and_kept(xapi: Xapi, place: str) -> None:
    stored: Any = await xapi.store(having(place, {"en": "", "zh-Hant": "課程", "de-CH": "<b>Kurs</b>"}))
    for name in place.split("."):
        stored = stored[name]
    assert stored == {"en": "", "zh-Hant": "課程", "de-CH": "<b>Kurs</b>"}


@pytest.mark.clause("Data 4.4/1")
@pytest.mark.parametrize(
    "value", [UNKNOWN_ID, "16FD2706-8BAF-433B-82EB-8C7FADA847DA", "6fa459ea-ee8a-3ca4-894e-db77e160355e"]
)
async def test_a_UUID_in_its_standard_form_is_taken(xapi: Xapi, value: str) -> None:
    registration = (await xapi.store(having("context.registration", value)))["context"]["registration"]
    assert registration.lower() == value.lower()


@pytest.mark.clause("Data 4.5/1", "Data 4.5/2", "IEEE 9274.1.1 4.2.7/2")
@pytest.mark.parametrize(("sent", "instant"), INSTANTS)
async def test_a_timestamp_means_the_same_instant_to_the_millisecond(xapi: Xapi, sent: str, instant: str) -> None:
    for stored in (
        await xapi.store(having("timestamp", sent)),
        (await xapi.store(within(having("timestamp", sent))))["object"],
    ):
        returned = datetime.fromisoformat(stored["timestamp"])
        millisecond = returned.microsecond // 1000 * 1000
        assert returned.replace(microsecond=millisecond) == datetime.fromisoformat(instant)
        if xapi.version is Version.V2:
            assert stored["timestamp"].endswith(("Z", "+00:00"))


@pytest.mark.clause("Data 4.5/1", "Data 4.5/2")
async def test_what_the_LRS_writes_as_a_time_has_milliseconds_and_a_zone(xapi: Xapi) -> None:
    for _ in range(5):
        stored = await xapi.store(identified())
        for name in ("stored", "timestamp"):
            assert datetime.fromisoformat(stored[name]).utcoffset() is not None
            assert len(stored[name].partition(".")[2].rstrip("Z")) >= 3


@pytest.mark.clause("Data 4.6/1")
@pytest.mark.parametrize(
    "duration", ["PT4H35M59.14S", "PT16559.14S", "P3Y1M29DT4H35M59.14S", "P3Y", "P4W", "PT0S", "P0D", "PT1M", "P1DT12H"]
)
async def test_a_duration_is_taken_and_kept_as_it_is_written(xapi: Xapi, duration: str) -> None:
    assert (await xapi.store(having("result.duration", duration)))["result"]["duration"] == duration


@pytest.mark.clause("IEEE 9274.1.1 4.2.7/3")
@pytest.mark.parametrize("duration", ["PT0.12567S", "P1DT12H36M0.12567S"])
async def test_a_finer_duration_is_kept_or_cut_but_never_rounded(xapi: Xapi, duration: str) -> None:
    kept = (await xapi.store(having("result.duration", duration)))["result"]["duration"]
    assert kept in {duration, duration.replace("0.12567", "0.12")}


@only(Version.V2)
@pytest.mark.clause("IEEE 9274.1.1 4.2.7/1")
@pytest.mark.parametrize(
    "other",
    ["HTTP://example.org/IRI", "http://example.org:80/iri", "https://example.org/iri", "http://example.org/iri/"],
)
async def test_IRIs_are_not_the_same_for_what_their_scheme_or_protocol_says(xapi: Xapi, other: str) -> None:
    stored = await xapi.store(having("object.id", "http://example.org/iri"))
    assert stored["id"] in await xapi.ids(activity="http://example.org/iri")
    assert stored["id"] not in await xapi.ids(activity=other)
    assert stored["object"]["id"] != COURSE
