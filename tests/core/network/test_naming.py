"""What people are called who are shown one by one."""

import hashlib
import hmac

import polars as pl

from lrs.core.analytics.pseudonyms import pseudonym
from lrs.core.analytics.rows import Naming
from lrs.core.network.measures import Ties
from lrs.core.network.naming import called
from lrs.plugin import code
from lrs.plugin.frames import CODE

KEY, OTHER = b"k" * 32, b"o" * 32
ANN, BEN, CLEO = code("mbox:mailto:ann@example.org"), code("4711"), code("4712")
NAMED = {BEN: ("4711", "Ben"), CLEO: ("4712", "Cleo")}


def ties(*arcs: tuple[int, int]) -> Ties:
    table = pl.DataFrame(arcs, schema={"actor": CODE, "target": CODE}, orient="row")
    table = table.with_columns(acts=pl.lit(1), weight=pl.lit(1.0))
    return Ties(table, pl.concat([table["actor"], table["target"]]).unique().sort())


def test_a_pseudonym_is_the_same_each_time_and_another_under_another_key() -> None:
    assert pseudonym(ANN, KEY) == pseudonym(ANN, KEY)
    assert len({pseudonym(person, key) for person in (ANN, BEN) for key in (KEY, OTHER)}) == 4


def test_it_is_keyed_so_that_a_list_of_everybody_tells_nothing() -> None:
    told = ANN.to_bytes(8, "little", signed=True)

    assert pseudonym(ANN, KEY) == f"p-{hmac.digest(KEY, told, 'sha256').hex()[:20]}"
    assert hashlib.sha256(told).hexdigest()[:20] not in pseudonym(ANN, KEY)


def test_who_is_named_keeps_their_own_id_beside_others_who_are_and_all_others_have_no_name() -> None:
    found = called(ties((ANN, BEN), (BEN, CLEO)), Naming(NAMED, KEY))
    ann, ben = pseudonym(ANN, KEY), pseudonym(BEN, KEY)

    assert found.arcs.select("actor", "target").rows() == [("4711", "4712"), (ann, ben)]
    assert set(found.people.rows()) == {("4711", "Ben"), ("4712", "Cleo"), (ann, None), (ben, None)}
    assert found.people["id"].is_sorted()
    assert found.hidden == 2


def test_where_nobody_has_a_tie_nobody_is_called_anything() -> None:
    found = called(ties(), Naming(NAMED, KEY))

    assert (len(found.arcs), len(found.people), found.hidden) == (0, 0, 0)
