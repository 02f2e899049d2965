"""What goes wrong on the way: statements that are voided, sent twice, or arrive late."""

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from random import Random

from lrs.cli.sample.mix import Mix
from lrs.cli.sample.period import HOUR, MINUTE, delay
from lrs.cli.sample.threads import Post, Thread
from lrs.cli.sample.timeline import Timeline
from lrs.cli.sample.told import Sent
from lrs.cli.sample.vocabulary import ADL, verb

_TWIN_SHARE = 0.01
_VOIDED_KINDS = {
    *("create", "ask", "reply", "mention", "edit", "delete", "react", "flag", "share", "repost", "view"),
    *("follow", "unfollow", "join", "leave", "message", "complete", "grading"),
}


def void(timeline: Timeline, wanted: int, rng: Random) -> list[str]:
    """Void `wanted` statements of all stories but mentoring, some before they arrive; return the voided ones' ids.

    Posts are voided whether or not somebody answered them, shares only if nobody passed them on.
    """
    acts = [sent for sent in timeline.sent if sent.acts and all(_may_be_voided(sent, act.kind) for act in sent.acts)]
    voided = rng.sample(acts, min(wanted, len(acts)))
    for sent in voided:
        sent.voided = True
        _send_void(sent, timeline, rng)
    return [sent.id for sent in voided]


def _may_be_voided(sent: Sent, kind: str) -> bool:
    return kind in _VOIDED_KINDS and not any(getattr(act.made, "reshared", 0) for act in sent.acts)


def _send_void(target: Sent, timeline: Timeline, rng: Random) -> None:
    at = min(target.at + delay(rng, median=4 * HOUR, spread=1.0, least=5 * MINUTE), timeline.period.end - 1)
    statement = {
        "actor": target.statement["actor"],
        "verb": verb(ADL + "voided", "voided"),
        "object": {"objectType": "StatementRef", "id": target.id},
    }
    sent = timeline.add(statement, at, target.sender, repeatable=False)
    if rng.random() < 0.4:
        target.arrives = sent.arrives + rng.randint(MINUTE, 2 * HOUR)


def repeat(total: int, timeline: Timeline, rng: Random) -> list[str]:
    """Send about one statement in 100 again after 1-5 minutes under a new id; return the twins' ids."""
    acts = [sent for sent in timeline.sent if sent.repeatable and not sent.voided]
    chosen = rng.sample(acts, min(round(total * _TWIN_SHARE), len(acts)))
    return [_twin(original, timeline, rng).id for original in chosen]


def _twin(original: Sent, timeline: Timeline, rng: Random) -> Sent:
    again = {key: value for key, value in original.statement.items() if key not in ("id", "timestamp")}
    twin = timeline.add(again, original.at + rng.randint(1, 5) * MINUTE, original.sender, repeatable=False)
    twin.acts = tuple(copy(act) for act in original.acts)
    for act in twin.acts:
        act.sent, act.ends = twin, ()
        act.end("superseded", original)
    return twin


def hold_back(threads: list[Thread], timeline: Timeline, mix: Mix, rng: Random) -> list[str]:
    """Let posts arrive after the first of their replies, and other statements just late; return their ids."""
    parents = _hold_parents(threads, mix.early_replies, rng)
    ready = [sent for sent in timeline.sent if sent.repeatable and sent.arrives == sent.at]
    others = rng.sample(ready, min(round(len(timeline) * mix.late), len(ready)))
    for sent in others:
        sent.arrives += delay(rng, median=8 * HOUR, spread=1.0, least=10 * MINUTE)
    return sorted(sent.id for sent in [*parents, *others])


def _hold_parents(threads: Iterable[Thread], share: float, rng: Random) -> list[Sent]:
    """Hold posts back until as large a share of all replies comes before what it answers, as far as it is told."""
    replies: dict[Post, list[int]] = defaultdict(list)
    for post in (post for thread in threads for post in thread.posts if post.seen):
        if post.told_parent is not None and post.told_parent.seen:
            replies[post.told_parent].append(post.at)
    wanted = share * sum(map(len, replies.values()))
    held: list[Sent] = []
    for parent in rng.sample(list(replies), len(replies)):
        if wanted <= 0:
            break
        parent.sent.arrives = min(replies[parent]) + rng.randint(MINUTE, HOUR)
        wanted -= sum(at < parent.sent.arrives for at in replies[parent])
        held.append(parent.sent)
    return held
