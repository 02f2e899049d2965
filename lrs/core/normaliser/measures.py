"""What an act measures: when it was, how long, how much text, which score. Never the text itself."""

from datetime import datetime, timedelta

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
    length = _text_length(reading, rule)
    if rule.text and length is not None:
        value["text_len"] = length
    duration = reading.result.get("duration")
    if duration is not None and is_duration(duration):
        value["duration_s"] = parse_duration(duration)
    scaled = dict_at(reading.result, "score").get("scaled")
    if scaled is not None:
        value["score"] = scaled
    return value


def _text_length(reading: Reading, rule: Rule) -> int | None:
    response = reading.result.get("response")
    if isinstance(response, str):
        return len(response)
    if not rule.creates or rule.item != "object" or rule.parent == "object":
        return None  # the description is then of something the actor did not write
    description = dict_at(dict_at(reading.statement["object"], "definition"), "description")
    return next((len(text) for text in description.values()), None)
