"""What is known of activities and agents, merged from all statements (xAPI Communication 2.4 and 2.5).

Two views hold it, which the worker keeps from the feed (see `reader`). An answer is the view and the statements that
the view may not have seen yet, merged while it is read: what was acknowledged counts at once, with a worker that lags
or with none, and nobody waits.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta

import orjson

from lrs.core.catalogue.views import ACTIVITIES, AGENTS, View
from lrs.store.positions import CATALOGUE
from lrs.store.stores import Store
from lrs.xapi import Json, definitions
from lrs.xapi.actors import actor_key
from lrs.xapi.definitions import OLDEST, Layers, load, with_definition

TAIL = 500  # statements beside the view, the latest
SLOWEST_COMMIT = timedelta(seconds=10)  # from `stored` to being seen: a view may lack what is so much older than it


async def activity(store: Store, activity_id: str) -> Json:
    """Return the Activity with its merged definition; one that no statement named has its id only.

    Raises: Unavailable. Source: xAPI Communication 2.5.
    """
    return definitions.activity(activity_id, await _known(store, ACTIVITIES, activity_id))


async def person(store: Store, agent: Json) -> Json:
    """Return the Person of an identified Agent: its identifier and the names that statements gave it.

    Raises: Unavailable. Source: xAPI Communication 2.4.
    """
    return definitions.person(agent, await _known(store, AGENTS, actor_key(agent) or ""))


async def defining(store: Store, statements: Iterable[Json]) -> Callable[[Json], Json]:
    """Return the function that gives an Activity of these statements its merged definition.

    One query: of the view alone, for it is the LRS's to say what is canonical (xAPI Communication 2.1.3). What only
    the statement tells of the activity stays. Raises: Unavailable.
    """
    ids = {each["id"] for statement in statements for each in definitions.activities(statement)}
    known = {key: load(text) for key, text in (await store.catalogue.known("activities", ids)).items()}

    met: dict[tuple[str, bytes], Json] = {}  # most statements of a page repeat the definitions of others

    def defined(activity: Json) -> Json:
        layers, own = known.get(activity["id"]), activity.get("definition", {})
        if layers is None:
            return activity
        key = activity["id"], orjson.dumps(own)
        if key not in met:
            met[key] = definitions.definition_of(with_definition(layers, OLDEST, own))
        return {**activity, "definition": met[key]}

    return defined


async def _known(store: Store, view: View, key: str) -> Layers:
    # The position first: what is read after it has seen at least as much.
    until = (await store.positions.get(CATALOGUE)).data_until
    known = await store.catalogue.known(view.kind, [key])
    layers = load(known[key]) if key in known else ()
    since = None if until is None else until - SLOWEST_COMMIT
    for arrival in await store.catalogue.tail(f"{view.prefix}:{key}", since, TAIL):
        stamp = (arrival.stored, str(arrival.id))
        for named, told in view.told(orjson.loads(arrival.raw)):
            if named == key:
                layers = view.merge(layers, stamp, told)
    return layers
