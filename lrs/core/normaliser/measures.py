"""What an act measures: when it was, how long, how much text, which score. Never the text itself."""

from datetime import datetime, timedelta
from typing import Any

from lrs.core.normaliser.numbers import is_number
from lrs.core.normaliser.reading import Reading, dict_at
from lrs.core.normaliser.rule import Rule
from lrs.xapi import Json
from lrs.xapi.values import is_duration, parse_duration, parse_timestamp

_SKEW = timedelta(minutes=5)


def time_of(statement: Json) -> tuple[datetime, str]:
    """Return the event time and its quality: "ok", "ahead" of `stored` by over five minutes, or "missing".

    A clock that runs ahead is kept, because nothing says how far it runs.
    """
    stored = parse_timestamp(statement["stored"])
    if "timestamp" not in statement:
        return stored, "missing"
    timestamp = parse_timestamp(statement["timestamp"])
    return timestamp, "ahead" if timestamp > stored + _SKEW else "ok"


def value_of(reading: Reading, rule: Rule) -> dict[str, float | int | bool]:
    """Return the rule's own values, `text_len` in characters, `duration_s` in seconds and the scaled `score`."""
    value = dict(rule.value)
    if rule.text and (length := _text_length(reading, rule)) is not None:
        value["text_len"] = length
    duration = reading.result.get("duration")
    if duration is not None and is_duration(duration):
        value["duration_s"] = parse_duration(duration)
    if reading.result:
        score = _scaled(reading.result.get("score"))
        if score is None:
            score = _scaled(reading.extension(reading.vocabulary.paths["quality_rating"]))
        if score is not None:
            value["score"] = score
    return value


def _scaled(score: Any) -> float | None:
    """The scaled score, or where the raw one lies between least and greatest: 4 of 1 to 5 stars is 0.75.

    In an extension nobody validated it: what is not from -1 to 1 is no scaled score (xAPI Data 2.4.5.1).
    """
    if not isinstance(score, dict):
        return None
    if "scaled" in score:
        scaled = score["scaled"]
        return scaled if is_number(scaled) and -1 <= scaled <= 1 else None
    raw, least, greatest = score.get("raw"), score.get("min"), score.get("max")
    if is_number(raw) and is_number(least) and is_number(greatest) and least < greatest:
        share = float((raw - least) / (greatest - least))
        return share if -1 <= share <= 1 else None  # nor is what comes of numbers whose difference has no end
    return None


def _text_length(reading: Reading, rule: Rule) -> int | None:
    response = reading.result.get("response") or (_told_feedback(reading) if reading.extensions else None)
    if isinstance(response, str):
        return len(response)
    if not rule.creates or rule.item != "object" or rule.parent == "object":
        return None  # the description is then of something the actor did not write
    description = dict_at(dict_at(reading.statement["object"], "definition"), "description")
    return next((len(text) for text in description.values()), None)


def _told_feedback(reading: Reading) -> Any:
    paths = reading.vocabulary.paths
    return reading.extension(paths["feedback"]) or reading.extension(paths["result_feedback"])
