"""Valid statements for property tests: `statements(version)` and its parts, of every kind the specification knows.

Each value keeps every rule of the data model, the ones between two values too. The strings are those that are hard to
get right: rare language tags, every spelling of a time, IRIs as real content sends them.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeAlias

from hypothesis import strategies as st

from lrs.xapi import Json
from lrs.xapi.versions import Version

Jsons: TypeAlias = st.SearchStrategy[Json]

WORDS = st.text(max_size=12)
IRIS = st.sampled_from(
    [
        "http://adlnet.gov/expapi/verbs/answered",
        "http://Course_ID2",
        "http://TheQuiz-urn:scormdriver:5419",
        "https://moodle.example.org/mod/forum/discuss.php?d=12#p34",
        "https://例え.jp/コース/%E2%82%AC?ø=𝄞",
        "tag:example.org,2026:course",
        "urn:uuid:fd41c918-b88b-4b20-a0a5-a4c32391aaa0",
        "a:b",
    ]
) | st.from_regex(r"\A[a-z][a-z0-9+.\-]{0,5}:[!#-;=?-\[\]_a-z~\xa1-\u1000]{1,20}\Z")
URIS = IRIS.filter(str.isascii)
UUIDS = st.uuids().map(str) | st.uuids(version=4).map(lambda each: str(each).upper())
_COMMON_TAGS = ["en", "en-US", "de", "cmn", "ase", "zh-Hant", "sr-Latn-RS", "es-419", "zh-yue-HK", "und"]
_RARE_TAGS = ["sl-rozaj-biske-1994", "de-CH-x-phonebk", "en-a-bbb-x-a-ccc", "x-whatever", "no-bok", "art-lojban"]
LANGUAGES = st.sampled_from([*_COMMON_TAGS, *_RARE_TAGS, "i-klingon", "EN-gb-OED", "sgn-BE-FR"])
MEDIA_TYPES = st.sampled_from(
    ["text/plain", 'multipart/mixed; boundary="a \\" b"', "application/vnd.x+json;charset=UTF-8"]
)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


def _hex(*lengths: int) -> st.SearchStrategy[str]:
    return st.sampled_from(lengths).flatmap(
        lambda length: st.text("0123456789abcdefABCDEF", min_size=length, max_size=length)
    )


@st.composite
def timestamps(draw: st.DrawFn) -> str:
    """A time in any spelling of ISO 8601 that names an instant, with or without an offset."""
    moment = draw(st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31)))
    colon, hyphen, between = draw(st.sampled_from([(":", "-", "T"), (":", "-", " "), (":", "-", "t"), ("", "", "T")]))
    fraction = draw(st.sampled_from(["", ".5", ",25", f".{moment.microsecond:06}", ".123456789"]))
    seconds = draw(st.sampled_from(["", f"{colon}%S{fraction}"]))
    offset = draw(st.sampled_from(["", "Z", "z", "+00", "+00:00", "+0530", "-05", "-11:30", "+23:59", "-00:01"]))
    return f"{moment.year:04}" + moment.strftime(f"{hyphen}%m{hyphen}%d{between}%H{colon}%M{seconds}{offset}")


@st.composite
def leap_seconds(draw: st.DrawFn) -> str:
    """The second 60 of a day in UTC, told in some offset."""
    offset_h = draw(st.integers(-11, 12))
    told = datetime(2016, 12, 31, 23, 59) + timedelta(hours=offset_h)
    sign = "-" if offset_h < 0 else "+"
    return f"{told:%Y-%m-%dT%H:%M}:60.5" + (f"{sign}{abs(offset_h):02}:00" if offset_h else "Z")


@st.composite
def durations(draw: st.DrawFn) -> str:
    """A duration with designators: weeks alone, or some of the others with a fraction in the last one."""
    if draw(st.booleans()):
        return f"P{draw(st.integers(0, 10**15 - 1))}{draw(st.sampled_from(['', '.5', ',25']))}W"
    chosen = draw(st.lists(st.sampled_from(range(6)), min_size=1, unique=True).map(sorted))
    numbers = [str(draw(st.integers(0, 999))) for _ in chosen]
    numbers[-1] += draw(st.sampled_from(["", ".5", ",125"]))
    parts = dict(zip(chosen, numbers, strict=True))
    date = "".join(f"{parts[each]}{'YMD'[each]}" for each in chosen if each < 3)
    time = "".join(f"{parts[each]}{'HMS'[each - 3]}" for each in chosen if each >= 3)
    return f"P{date}{f'T{time}' if time else ''}"


def _object(required: dict[str, Any], optional: dict[str, Any]) -> Jsons:
    return st.fixed_dictionaries(required, optional=optional)


LANGUAGE_MAPS = st.dictionaries(LANGUAGES, WORDS, max_size=2)
EXTENSIONS = st.dictionaries(IRIS, JSON, max_size=2)
ACCOUNTS = _object({"homePage": IRIS, "name": WORDS}, {})
IDENTIFIERS: Jsons = st.one_of(
    st.fixed_dictionaries(
        {"mbox": st.sampled_from(["mailto:ada@example.org", "mailto:ä.o'b+1@xn--bcher-kva.example"])}
    ),
    st.fixed_dictionaries({"mbox_sha1sum": _hex(40)}),
    st.fixed_dictionaries({"openid": URIS}),
    st.fixed_dictionaries({"account": ACCOUNTS}),
)


def _joined(*parts: Jsons) -> Jsons:
    return st.tuples(*parts).map(lambda each: {key: value for part in each for key, value in part.items()})


def _typed(object_type: str, *parts: Jsons) -> Jsons:
    return _joined(st.just({"objectType": object_type}), *parts)


NAMED = _object({}, {"name": WORDS})
NAMED_AGENTS = _typed("Agent", NAMED, IDENTIFIERS)
AGENTS = _joined(NAMED, IDENTIFIERS) | NAMED_AGENTS
IDENTIFIED_GROUPS = _typed("Group", NAMED, IDENTIFIERS, _object({}, {"member": st.lists(AGENTS, max_size=2)}))
ANONYMOUS_GROUPS = _typed("Group", NAMED, _object({"member": st.lists(AGENTS, min_size=1, max_size=3)}, {}))
PAIRS = _typed("Group", NAMED, _object({"member": st.lists(AGENTS, min_size=2, max_size=2)}, {}))
GROUPS = IDENTIFIED_GROUPS | ANONYMOUS_GROUPS
ACTORS = AGENTS | GROUPS

COMPONENTS = st.lists(
    _object({"id": WORDS}, {"description": LANGUAGE_MAPS}), max_size=3, unique_by=lambda each: each["id"]
)
COMPONENT_LISTS = {
    "choice": ("choices",),
    "sequencing": ("choices",),
    "likert": ("scale",),
    "matching": ("source", "target"),
    "performance": ("steps",),
    **dict.fromkeys(("true-false", "fill-in", "long-fill-in", "numeric", "other"), ()),
}
PLAIN_DEFINITIONS = _object(
    {},
    {"name": LANGUAGE_MAPS, "description": LANGUAGE_MAPS, "type": IRIS, "moreInfo": IRIS, "extensions": EXTENSIONS},
)
INTERACTIONS: Jsons = st.sampled_from(sorted(COMPONENT_LISTS)).flatmap(
    lambda kind: _object(
        {"interactionType": st.just(kind)},
        {"correctResponsesPattern": st.lists(WORDS, max_size=2), **dict.fromkeys(COMPONENT_LISTS[kind], COMPONENTS)},
    )
)
DEFINITIONS = PLAIN_DEFINITIONS | _joined(PLAIN_DEFINITIONS, INTERACTIONS)
ACTIVITIES = _object({"id": IRIS}, {"objectType": st.just("Activity"), "definition": DEFINITIONS})
REFERENCES = _typed("StatementRef", _object({"id": UUIDS}, {}))


@st.composite
def _scores(draw: st.DrawFn) -> Json:
    low, raw, high = sorted(draw(st.tuples(*[st.integers(-(2**53), 2**53) | st.floats(-100, 100)] * 3)))
    score = {"min": low, "raw": raw, "max": high, "scaled": draw(st.floats(-1, 1) | st.sampled_from([-1, 0, 1]))}
    left_out = draw(st.sets(st.sampled_from(sorted(score)))) | ({"max"} if low == high else set())
    return {key: value for key, value in score.items() if key not in left_out}


RESULTS = _object(
    {},
    {
        "score": _scores(),
        "success": st.booleans(),
        "completion": st.booleans(),
        "response": WORDS,
        "duration": durations(),
        "extensions": EXTENSIONS,
    },
)
ATTACHMENTS = _object(
    {
        "usageType": IRIS,
        "display": LANGUAGE_MAPS,
        "contentType": MEDIA_TYPES,
        "length": st.integers(0, 10**18),
        "sha2": _hex(56, 64, 96, 128),
    },
    {"description": LANGUAGE_MAPS, "fileUrl": IRIS},
)
RELATIONS = ("parent", "grouping", "category", "other")


def _contexts(version: Version, *, about_activity: bool) -> Jsons:
    parts: dict[str, Any] = {
        "registration": UUIDS,
        "instructor": ACTORS,
        "team": GROUPS,
        "contextActivities": _object({}, dict.fromkeys(RELATIONS, ACTIVITIES | st.lists(ACTIVITIES, max_size=2))),
        "language": LANGUAGES,
        "statement": REFERENCES,
        "extensions": EXTENSIONS,
    }
    if about_activity:
        parts |= {"revision": WORDS, "platform": WORDS}
    if version is Version.V2:
        types = {"relevantTypes": st.lists(IRIS, min_size=1, max_size=2)}
        parts["contextAgents"] = st.lists(_typed("contextAgent", _object({"agent": AGENTS}, types)), max_size=2)
        parts["contextGroups"] = st.lists(_typed("contextGroup", _object({"group": GROUPS}, types)), max_size=2)
    return _object({}, parts)


def _whole(version: Version, targets: Jsons, verbs: st.SearchStrategy[str], *, about_activity: bool) -> Jsons:
    return _object(
        {"actor": ACTORS, "verb": _object({"id": verbs}, {"display": LANGUAGE_MAPS}), "object": targets},
        {
            "result": RESULTS,
            "context": _contexts(version, about_activity=about_activity),
            "timestamp": timestamps() | leap_seconds(),
            "attachments": st.lists(ATTACHMENTS, max_size=2),
        },
    )


def _about_anything_but(version: Version, others: Jsons) -> Jsons:
    voided = st.just("http://adlnet.gov/expapi/verbs/voided")
    return st.one_of(
        _whole(version, ACTIVITIES, IRIS, about_activity=True),
        _whole(version, others, IRIS, about_activity=False),
        _whole(version, REFERENCES, voided, about_activity=False),
    )


@cache
def statements(version: Version) -> Jsons:
    """Return a strategy for valid statements of a version, as a client may send them."""
    others = NAMED_AGENTS | GROUPS | REFERENCES
    inner = _typed("SubStatement", _about_anything_but(version, others))
    patches = ["1.0", "1.0.0", "1.0.9", "1.0.3-rc1"] + ["2.0", "2.0.0"] * (version is Version.V2)
    outer = _object(
        {},
        {
            "id": UUIDS,
            "stored": timestamps(),
            "authority": AGENTS | PAIRS,
            "version": st.sampled_from(patches),
        },
    )
    return _joined(_about_anything_but(version, others | inner), outer)


@cache
def batches(version: Version) -> st.SearchStrategy[list[Json]]:
    """Return a strategy for the lists of statements a client may send: no id is there twice."""
    unnamed = statements(version).map(lambda each: {key: value for key, value in each.items() if key != "id"})
    return st.lists(_joined(unnamed, st.fixed_dictionaries({"id": st.uuids().map(str)})), max_size=4)
