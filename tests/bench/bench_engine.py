"""The engine under load, and derived anew: `python -m tests.bench.bench_engine`, or `make bench-engine`.

The statements are those of `organisations`: 30 % social acts, 5 % voids and deletes, 10 % of the replies before what
they answer. Afterwards every interaction is compared with the truth about the organisations, and the metrics with the
reference or the truth; if anything differs, the figures are void and the exit status is 1.

Server, worker, mongod and this load share the machine: compare the figures of one run only.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import uvloop
from rich.console import Console
from rich.table import Table

from tests.bench import lag, popular, rebuild
from tests.bench.organisations import SINCE, UNTIL
from tests.faults import system as systems

PARTS = ("lag", "rebuild", "popular")
WEEKS = (UNTIL - SINCE).days // 7
QUIET = 1.0


async def measure(chosen: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of the parts that were chosen."""
    figures: dict[str, Any] = {}
    crowding = systems.crowding()
    if crowding > QUIET:
        print(f"{crowding:.1f} times as many processes as cores want to run already: these figures are of no use.")
    if "lag" in chosen.parts:
        with tempfile.TemporaryDirectory() as folder:
            figures["lag"] = await lag.measure(
                Path(folder), rate=chosen.rate, seconds=chosen.seconds, singly=chosen.singly
            )
    if "rebuild" in chosen.parts:
        with tempfile.TemporaryDirectory() as folder:
            figures["rebuild"] = await rebuild.measure(Path(folder), count=chosen.statements, beside=chosen.beside)
    if "popular" in chosen.parts:
        with tempfile.TemporaryDirectory() as folder:
            figures["popular"] = await popular.measure(Path(folder), likes=chosen.likes)
    return figures


def show(figures: Mapping[str, Any]) -> None:
    """Print the figures."""
    console = Console(width=120)
    if "lag" in figures:
        console.print(_lag_table(figures["lag"]))
    if "rebuild" in figures:
        console.print(_rebuild_table(figures["rebuild"]))
        console.print(_asked_table(figures["rebuild"]["asked"]))
    if "popular" in figures:
        console.print(_popular_table(figures["popular"]))
    for part, told in figures.items():
        for each in told["wrong"]:
            console.print(f"{part}: void, for {each}", markup=False, soft_wrap=True)


def _lag_table(told: Mapping[str, Any]) -> Table:
    rate, singly = told["a_second"], told["singly"]
    table = Table(title=f"{told['statements']} statements, {rate:.0f} a second, {singly:.0%} of them singly")
    for heading in ("", "median", "p99", "most"):
        table.add_column(heading, justify="left" if heading == "" else "right")
    rows = {"from the answer to the view": "lag_s", "lag by the status": "status_s", "until the answer": "answered_s"}
    for name, key in rows.items():
        table.add_row(name, *(f"{told[key][figure]:.3f} s" for figure in ("median", "p99", "most")))
    for name in ("server", "worker", "mongod"):
        share = told["cpu_s"][name] * rate / told["statements"]
        table.add_row(f"{name}: cores, MB at the most", f"{share:.2f}", "", f"{told['memory_mb'][name]:.0f}")
    return table


def _rebuild_table(told: Mapping[str, Any]) -> Table:
    table = Table(title=f"{told['statements']} statements derived anew, {told['beside_a_second']:.0f} a second beside")
    for heading in ("", "usual", "meanwhile", "ratio"):
        table.add_column(heading, justify="left" if heading == "" else "right")
    for name, key in (("page of statements", "statements_s"), ("metric", "metrics_s")):
        times = told["reads"][key]
        for figure in ("median", "p99"):
            usual, meanwhile = (times[each][figure] for each in ("usual", "meanwhile"))
            ratio = times["ratio"][figure]
            table.add_row(f"{name}, {figure}", f"{usual * 1e3:.1f} ms", f"{meanwhile * 1e3:.1f} ms", f"{ratio:.2f}")
    table.add_section()
    rows = {
        "stored": f"{told['loaded_a_second']:.0f} a second",
        "derived for the first time": f"{told['first_s']:.1f} s",
        "derived anew and served": f"{told['rebuilt_s']:.1f} s",
        "CPU of worker, of mongod": f"{told['cpu_s']['worker']:.0f} s, {told['cpu_s']['mongod']:.0f} s",
        "memory of the worker": f"{told['worker_mb']:.0f} MB",
        "interactions and acts": f"{told['documents']}",
    }
    for name, figure in rows.items():
        table.add_row(name, "", figure, "")
    return table


def _asked_table(told: Mapping[str, Any]) -> Table:
    table = Table(title=f"metrics over {WEEKS} weeks, {told['people']} people")
    for heading in ("", "median metric", "slowest metric", "which"):
        table.add_column(heading, justify="right" if heading.endswith("metric") else "left")
    for how, key in (("computed", "computed"), ("asked again", "warm")):
        for name, times in told[key].items():
            slowest = max(times, key=lambda metric: times[metric])
            middle = sorted(times.values())[len(times) // 2]
            table.add_row(f"{name}, {how}", f"{middle * 1e3:.0f} ms", f"{times[slowest] * 1e3:.0f} ms", slowest)
    table.add_section()
    table.add_row("right after an edit", f"{told['edited']['answered_s'] * 1e3:.0f} ms", "", "")
    table.add_row("groups after an edit", f"{told['edited']['groups_s']:.1f} s", "", "")
    table.add_row("groups after all people", f"{told['released_s']:.1f} s", "", "")
    return table


def _popular_table(told: Mapping[str, Any]) -> Table:
    table = Table(title=f"one post with {told['likes']} likes, and as many of one person on another")
    table.add_column("")
    table.add_column("until it is derived", justify="right")
    for row in popular.rows(told):
        table.add_row(*row)
    return table


def main() -> None:
    """Measure, print tables, write JSON; exit with 1 if what was derived is wrong."""
    parser = argparse.ArgumentParser(prog="make bench-engine", description="The engine under load, and derived anew.")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--rate", type=float, default=1000, help="lag: statements a second")
    parser.add_argument("--seconds", type=float, default=60, help="lag: for how long")
    parser.add_argument("--singly", type=float, default=0.1, help="lag: share of statements that come singly")
    parser.add_argument("--statements", type=int, default=1_000_000, help="rebuild: how many")
    parser.add_argument("--beside", type=float, default=100, help="rebuild: statements a second that arrive meanwhile")
    parser.add_argument("--likes", type=int, default=100_000, help="popular: how many")
    parser.add_argument("--json", type=Path, default=Path("bench-engine.json"), help="where the figures are written")
    chosen = parser.parse_args()
    figures = uvloop.run(measure(chosen))
    show(figures)
    chosen.json.write_bytes(orjson.dumps(figures, option=orjson.OPT_INDENT_2))
    print(f"The same as JSON: {chosen.json.absolute()}")
    if any(told["wrong"] for told in figures.values()):
        sys.exit("The figures are void: what was derived is not what it should be.")


if __name__ == "__main__":
    main()
