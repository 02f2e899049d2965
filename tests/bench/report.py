"""What was measured, as a table and as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Self

import orjson
from rich.console import Console
from rich.table import Table

from tests.bench.load import Measured

BARE, OFF, ON = "bare app", "LRS", "LRS, worker on"


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of one server in one round; CPU in microseconds for each statement stored, page or statement read."""

    per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    server_us: float
    mongod_us: float

    @classmethod
    def of(cls, measured: Measured, server_s: float, mongod_s: float) -> Self:
        p50, p95, p99 = (measured.percentile_ms(share) for share in (0.5, 0.95, 0.99))
        each = 1e6 / measured.statements
        return cls(measured.per_s, p50, p95, p99, server_s * each, mongod_s * each)


@dataclass
class Results:
    """All rounds, by statements stored, row and server."""

    cells: dict[tuple[int, str, str], list[Cell]] = field(default_factory=dict)
    memory_mb: dict[str, tuple[float, float]] = field(default_factory=dict)  # of a process, at the end and the most
    facts: dict[str, Any] = field(default_factory=dict)

    def add(self, size: int, row: str, server: str, cell: Cell) -> None:
        self.cells.setdefault((size, row, server), []).append(cell)

    def middle(self, size: int, row: str, server: str) -> Cell | None:
        """Return the median of each figure over the rounds."""
        rounds = self.cells.get((size, row, server))
        if rounds is None:
            return None
        return Cell(**{name: median(getattr(each, name) for each in rounds) for name in asdict(rounds[0])})

    def ratio(self, size: int, row: str, server: str, figure: str = "per_s") -> float | None:
        """Return the median ratio to the bare app, taken round by round."""
        ours, theirs = self.cells.get((size, row, server)), self.cells[size, row, BARE]
        if ours is None:
            return None
        return float(median(getattr(a, figure) / getattr(b, figure) for a, b in zip(ours, theirs, strict=True)))

    def growth(self, row: str) -> float | None:
        """Return by how many times the LRS's p50 has grown from the first to the last number of statements."""
        sizes = sorted({size for size, _, _ in self.cells})
        first, last = (self.middle(size, row, OFF) for size in (sizes[0], sizes[-1]))
        return None if first is None or last is None or len(sizes) == 1 else last.p50_ms / first.p50_ms

    def show(self) -> None:
        """Print the tables."""
        console = Console(width=150)
        rows = list(dict.fromkeys(row for _, row, _ in self.cells))
        for size in sorted({size for size, _, _ in self.cells}):
            console.print(self._rates(size, rows))
        for process, (now, most) in self.memory_mb.items():
            console.print(f"{process:<16} {now:6.0f} MB at the end, {most:.0f} MB at the most")
        for name, value in self.facts.items():
            console.print(f"{name}: {value}")

    def _rates(self, size: int, rows: list[str]) -> Table:
        table = Table(title=f"{size} statements stored; CPU in µs for each statement stored, or page read")
        for heading in ("", "server", "per s", "p50 ms", "p95 ms", "p99 ms", "CPU server", "CPU mongod"):
            table.add_column(heading, justify="left" if heading in ("", "server") else "right")
        for heading in ("ratio", "p99 ratio", "p50 growth"):
            table.add_column(heading, justify="right")
        for row in rows:
            for server in (BARE, OFF, ON):
                if (cell := self.middle(size, row, server)) is not None:
                    table.add_row(
                        row if server == BARE else "", server, *_figures(cell), *self._ratios(size, row, server)
                    )
            table.add_section()
        return table

    def _ratios(self, size: int, row: str, server: str) -> list[str]:
        if server == BARE:
            return ["", "", ""]
        told = [self.ratio(size, row, server), self.ratio(size, row, server, "p99_ms")]
        told.append(self.growth(row) if server == OFF else None)
        return ["" if each is None else f"{each:.2f}" for each in told]

    def write(self, path: Path) -> None:
        """Write everything as JSON."""
        rows: list[Mapping[str, Any]] = []
        for size, row, server in self.cells:
            middle = self.middle(size, row, server)
            assert middle is not None
            told = {"statements": size, "row": row, "server": server, **asdict(middle)}
            if server != BARE:
                told |= {"ratio": self.ratio(size, row, server), "p99_ratio": self.ratio(size, row, server, "p99_ms")}
            rows.append(told | {"rounds": [asdict(each) for each in self.cells[size, row, server]]})
        content = {"rows": rows, "memory_mb": self.memory_mb, "facts": self.facts}
        path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))


def _figures(cell: Cell) -> list[str]:
    times = [f"{each:.2f}" for each in (cell.p50_ms, cell.p95_ms, cell.p99_ms)]
    return [f"{cell.per_s:.0f}", *times, f"{cell.server_us:.0f}", f"{cell.mongod_us:.0f}"]
