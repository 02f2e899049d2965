"""Shorthand: how interactions and items are written in the database, without what goes without saying.

A field with its usual value is left out, and so is one that is what the others make likely; reading puts both back. A
guess decides nothing, for a value that is another one is written: what is read is always what was saved. What is
written has a name of one or two letters, which is a sixth of a document.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from operator import itemgetter, ne
from typing import Any, TypeAlias
from uuid import UUID

Document: TypeAlias = dict[str, Any]
Told: TypeAlias = Mapping[str, Any]

_WRITTEN = ("_id", "kind", "rule_id", "t", "t_stored", "actor", "repetition")
"""What is always written. The statement's id never is, because it begins the interaction's."""

_EMPTY: Mapping[str, type[Any]] = {"group_ids": list, "teams": list, "topics": list, "needs": list, "value": dict}
_USUAL: Mapping[str, Any] = {
    **dict.fromkeys(("actor_role", "named_target", "named_target_via", "target_type", "target_ref_via")),
    **dict.fromkeys(("object_id", "object_type", "parent_id", "course_id", "board_id", "platform", "voluntary")),
    **dict.fromkeys(("text_len", "repeats", "closed", "closes", "state_by", "state_t", "parent_author", "parent_t")),
    **dict.fromkeys(("creates", "is_thread", "in_thread", "on_thread", "is_root", "aggregate", "voided"), False),
    **{name: container() for name, container in _EMPTY.items()},
    "polarity": 0,
    "weight": 1.0,
    "t_quality": "ok",
    "parent_known": True,
    "state": "live",
}
"""What a field is when it isn't written."""


def _thread_id(told: Told) -> Any:
    return (told["parent_id"] or told["object_id"]) if told["on_thread"] else None


def _root_t(told: Told) -> Any:
    if told["root_id"] == told["parent_id"]:
        return told["parent_t"]
    return told["t"] if told["creates"] and told["root_id"] == told["object_id"] else None


def _depth(told: Told) -> int | None:
    if told["is_thread"] or (told["parent_id"] is None and told["thread_id"] is None):
        return 0
    return 1 if told["parent_known"] else None


def _target_ref(told: Told) -> Any:
    via = told["target_ref_via"]
    return told["parent_id"] if via == "parent" else told["object_id"] if via in ("object", "either") else None


def _target_via(told: Told) -> Any:
    return told["named_target_via"] or (told["target_ref_via"] if told["target"] is not None else None)


def _target_status(told: Told) -> str | None:
    if told["target"] is not None:
        return "self" if told["target"] == told["actor"] else "resolved"
    return "pending" if told["target_ref"] is not None else "unresolvable" if told["aims"] else None


_LIKELY: Mapping[str, Callable[[Told], Any]] = {
    "source": lambda told: told["rule_id"].partition(".")[0],
    "visibility": lambda told: "group" if told["course_id"] or told["board_id"] else None,
    "thread_id": _thread_id,
    "root_id": lambda told: told["thread_id"] or told["parent_id"] or told["object_id"],
    "root_t": _root_t,
    "depth": _depth,
    "target_ref": _target_ref,
    "target": lambda told: told["named_target"] or told["parent_author"],
    "target_via": _target_via,
    "aims": lambda told: told["target_ref"] is not None or told["named_target"] is not None,
    "target_status": _target_status,
}
"""What a field is when it isn't written, by the fields above and those before it."""

_FIRST = ("t", "statement_id", "actor", "parent_id", "parent_known", "thread_id", "is_thread", "in_thread", "shared")
"""What an item keeps of its first create, beside the item itself as its `object_id`."""

_PLACE = ("root_id", "on_thread", "depth", "steps")

_NAMES = """
    _id=_id statement_id=s rule_id=l source=z kind=k polarity=y value=v text_len=vl weight=w
    t=t t_stored=T t_quality=q actor=a actor_role=A platform=P voluntary=V visibility=i aggregate=M
    target=x target_type=X target_via=xv target_status=xs aims=xa
    named_target=n named_target_via=nv target_ref=f target_ref_via=fv
    object_id=o object_type=O creates=m parent_id=p parent_known=pk parent_author=pa parent_t=pt
    thread_id=h is_thread=hi in_thread=hn on_thread=H root_id=r root_t=rt is_root=ri depth=d steps=S shared=sh
    course_id=c board_id=b group_ids=g teams=G topics=u
    voided=ev repeats=er closed=ec state=e state_by=eb state_t=et
    needs=N closes=C repetition=R
"""
SHORT: Mapping[str, str] = dict(pair.split("=") for pair in _NAMES.split())
"""The names that fields are written by, so that queries and indexes can name them."""

_LONG = {short: name for name, short in SHORT.items()}


@dataclass(frozen=True)
class _Form:
    """Which fields are always written, which when they are not as usual, and which when they are not as likely."""

    written: tuple[str, ...]
    usual: Mapping[str, Any]
    likely: Mapping[str, Callable[[Told], Any]]

    @cached_property
    def fields(self) -> tuple[str, ...]:
        return (*self.written, *self.usual, *self.likely)

    @cached_property
    def _short(self) -> tuple[str, ...]:
        return tuple(SHORT[name] for name in self.fields)

    @cached_property
    def _values(self) -> Callable[[Told], tuple[Any, ...]]:
        return itemgetter(*self.fields)

    @cached_property
    def _implied(self) -> tuple[Any, ...]:
        return (*[object() for _ in self.written], *self.usual.values())  # no value is any of those objects

    def shortened(self, told: Told) -> Document:
        values = self._values(told)
        implied = (*self._implied, *[guess(told) for guess in self.likely.values()])
        return dict(compress(zip(self._short, values, strict=True), map(ne, values, implied)))

    def whole(self, written: Told) -> Document:
        # Names in full are of an earlier version, whose documents are read until all of them are derived anew.
        named = {_LONG.get(short, short): value for short, value in written.items()}
        told = {**self.usual, **named}
        for name, guess in self.likely.items():
            if name not in named:
                told[name] = guess(told)
        return told


_INTERACTION = _Form(_WRITTEN, _USUAL, _LIKELY)
_ITEM = _Form(
    ("_id", "t", "statement_id", "actor"),
    {name: _USUAL[name] for name in (*_FIRST, *_PLACE) if name in _USUAL} | {"shared": False},
    {name: _LIKELY[name] for name in (*_FIRST, *_PLACE) if name in _LIKELY}
    | {"steps": lambda told: 0 if told["thread_id"] is not None else told["depth"] or 0},
)


def queried(**query: Any) -> Document:
    """Return a query for interactions by the names that their fields are written by."""
    return {SHORT[name]: asked for name, asked in query.items()}


FIELDS = _INTERACTION.fields
"""All fields of an interaction but `statement_id`."""


def shortened(interaction: Told) -> Document:
    """Return an interaction as it is written. Its id begins with that of the statement."""
    return _INTERACTION.shortened(interaction)


def whole(written: Document) -> Document:
    """Return an interaction as it was saved."""
    told = _INTERACTION.whole(written)
    told["statement_id"] = UUID(written["_id"][:36])
    for name, container in _EMPTY.items():
        if not told[name]:
            told[name] = container()  # one of its own
    return told


def shortened_item(item: Told) -> Document:
    """Return an item as it is written: as its first create, with its place. One that nobody made has none."""
    return {"_id": item["_id"]} if item["first"] is None else _ITEM.shortened({**item, **item["first"]})


def whole_item(written: Document) -> Document:
    """Return an item as it was saved."""
    key = written["_id"]
    if len(written) == 1:
        return {"_id": key, "root_id": None, "on_thread": False, "depth": None, "steps": -1, "first": None}
    told = _ITEM.whole({**written, SHORT["object_id"]: key})
    first = {name: told[name] for name in _FIRST}
    return {"_id": key, **{name: told[name] for name in _PLACE}, "first": {**first, "object_id": key}}
