"""`lrs generate` writes a sample organisation; `lrs demo` runs the LRS with one in it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import httpx
import orjson
import typer
from pydantic import SecretStr
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lrs import cli, clock, settings
from lrs.cli import logs, supervisor
from lrs.cli.sample import Mix, generate, write
from lrs.cli.supervisor import Addresses
from lrs.errors import Unavailable
from lrs.xapi import Json

BATCH = 100  # statements in one request, as a busy LMS sends them

People = Annotated[int, typer.Option(min=2, help="How many people the organisation has.")]
Statements = Annotated[int, typer.Option(min=1, help="How many statements they send.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same organisation.")]

_USUAL = Mix()


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("generate")(write_sample)
    app.command()(demo)


def write_sample(
    people: People = 200,
    statements: Statements = 20_000,
    seed: Seed = 1,
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("sample"),
    voids: Annotated[float, typer.Option(help="Share of voiding statements among all.")] = _USUAL.voids,
    deletes: Annotated[float, typer.Option(help="Share of deletes of posts among all statements.")] = _USUAL.deletes,
    undone: Annotated[float, typer.Option(help="Share of likes, follows, joins, reports taken back.")] = _USUAL.undone,
    early_replies: Annotated[
        float, typer.Option(help="Share of replies that arrive before what they answer.")
    ] = _USUAL.early_replies,
    late: Annotated[float, typer.Option(help="Share of other statements that arrive late.")] = _USUAL.late,
    unseen_starts: Annotated[
        float, typer.Option(help="Share of threads begun before their platform was connected.")
    ] = _USUAL.unseen_starts,
) -> None:
    """Write a sample organisation: statements.jsonl, people.json, and the true answers in truth.json."""
    mix = Mix(
        voids=voids,
        deletes=deletes,
        undone=undone,
        early_replies=early_replies,
        late=late,
        unseen_starts=unseen_starts,
    )
    sample = generate(people=people, statements=statements, seed=seed, mix=mix)
    write(sample, out)
    print(f"{len(sample.statements)} statements of {people} people: {out}/statements.jsonl, people.json, truth.json")


def demo(people: People = 200, statements: Statements = 20_000, seed: Seed = 1) -> None:
    """Run the LRS and load a sample organisation through its xAPI endpoint."""
    chosen = settings.from_environment()
    logs.configure(chosen)
    given = chosen.api_secret.get_secret_value() if chosen.api_secret is not None else None
    visitor = _Visitor(chosen.api_key or "demo", given or clock.new_secret(), people, statements, seed)
    known = {"api_key": visitor.key, "api_secret": SecretStr(visitor.secret)}
    cli.run(supervisor.run(chosen.model_copy(update=known), worker=True, ready=visitor.come))


@dataclass(frozen=True, slots=True)
class _Visitor:
    """Somebody who loads the sample like an LMS would, and then says where to look."""

    key: str
    secret: str
    people: int
    statements: int
    seed: int

    async def come(self, addresses: Addresses) -> None:
        console = Console()
        headers = {"X-Experience-API-Version": "1.0.3", "Content-Type": "application/json"}
        async with httpx.AsyncClient(
            base_url=addresses.url, auth=(self.key, self.secret), headers=headers, timeout=60, trust_env=False
        ) as client:
            if await _holds_statements(client):
                console.print("The store holds statements already: the sample is not loaded again.")
            else:
                end = clock.now().replace(microsecond=0)
                console.print(f"Making up {self.people} people and {self.statements} statements ...")
                made = await asyncio.to_thread(
                    generate, people=self.people, statements=self.statements, seed=self.seed, end=end
                )
                _ok(await client.put("/api/v1/people", content=orjson.dumps(made.organisation.roster())))
                await _load(client, made.statements, console)
        console.print(_what_to_try(addresses.url, self.key, self.secret), markup=False, soft_wrap=True, highlight=False)


async def _holds_statements(client: httpx.AsyncClient) -> bool:
    answer = await client.get("/xapi/statements", params={"limit": 1})
    return bool(_ok(answer).json()["statements"])


async def _load(client: httpx.AsyncClient, statements: Sequence[Json], console: Console) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Posting statements", total=len(statements))
        for start in range(0, len(statements), BATCH):
            batch = statements[start : start + BATCH]
            _ok(await client.post("/xapi/statements", content=orjson.dumps(batch)))
            progress.advance(task, len(batch))


def _ok(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    raise Unavailable("the sample could not be loaded", where=str(answer.url), why=answer.text[:500])


def _what_to_try(url: str, key: str, secret: str) -> str:
    day = clock.now() - timedelta(weeks=11)
    since = (day - timedelta(days=day.weekday())).strftime("%Y-%m-%d")  # groups are shown by whole weeks
    login = f"-u {key}:{secret}"
    return f"""
Open      {url}/docs    the API, described
xAPI      {url}/xapi    key {key}  secret {secret}

Try
  curl {login} '{url}/api/v1/metrics'
  curl {login} '{url}/api/v1/metrics/discussion.posts?since={since}&bucket=week'
  curl {login} '{url}/api/v1/metrics/discussion.posts?since={since}&group_by=department&bucket=week&format=csv'
  curl {login} '{url}/api/v1/charts/discussion.people?since={since}&format=svg' > people.svg
  curl {login} '{url}/api/v1/network?since={since}&format=csv'
  curl {login} '{url}/api/v1/people?kind=department&limit=3'
  curl {login} '{url}/api/v1/interactions/report'
  curl {login} -H 'X-Experience-API-Version: 1.0.3' '{url}/xapi/statements?limit=2'

Stop with Ctrl-C."""
