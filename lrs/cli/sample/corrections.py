"""What goes wrong on the way: posts that are voided, statements sent twice, statements that arrive late."""

from random import Random

from lrs.cli.sample.period import HOUR, MINUTE, delay
from lrs.cli.sample.threads import Post, Thread
from lrs.cli.sample.timeline import Sent, Timeline
from lrs.cli.sample.vocabulary import ADL, verb

_VOIDED_SHARE, _TWIN_SHARE, _LATE_SHARE = 0.005, 0.01, 0.02


def void(threads: list[Thread], timeline: Timeline, rng: Random) -> list[str]:
    """Void about one post in 200, sometimes before it arrives; return the voided statements' ids.

    Only posts that nobody answered are voided: what a reply to nothing still tells depends on its sender.
    """
    posts = [post for thread in threads for post in thread.posts]
    answered = {post.parent.item for post in posts if post.parent}
    open_ends = [post for post in posts if post.item not in answered]
    wanted = max(round(len(posts) * _VOIDED_SHARE), int(len(posts) >= 25))
    voided = rng.sample(open_ends, min(wanted, len(open_ends)))
    for post in voided:
        post.voided = True
        _send_void(post, timeline, rng)
    return [post.statement for post in voided]


def _send_void(post: Post, timeline: Timeline, rng: Random) -> None:
    sender, target = post.thread.sender, timeline.by_id[post.statement]
    at = min(post.at + delay(rng, median=4 * HOUR, spread=1.0, least=5 * MINUTE), timeline.period.end - 1)
    statement = {
        "actor": post.author.agent(sender),
        "verb": verb(ADL + "voided", "voided"),
        "object": {"objectType": "StatementRef", "id": post.statement},
    }
    sent = timeline.add(statement, at, sender, repeatable=False)
    if rng.random() < 0.4:
        target.arrives = sent.arrives + rng.randint(MINUTE, 2 * HOUR)


def repeat(voided: list[str], total: int, timeline: Timeline, rng: Random) -> list[str]:
    """Send about one statement in 100 again after 1-5 minutes under a new id; return the twins' ids."""
    never = set(voided)
    acts = [sent for sent in timeline.sent if sent.repeatable and sent.id not in never]
    chosen = rng.sample(acts, min(round(total * _TWIN_SHARE), len(acts)))
    return [_twin(original, timeline, rng).id for original in chosen]


def _twin(original: Sent, timeline: Timeline, rng: Random) -> Sent:
    again = {key: value for key, value in original.statement.items() if key not in ("id", "timestamp")}
    return timeline.add(again, original.at + rng.randint(1, 5) * MINUTE, original.sender, repeatable=False)


def hold_back(threads: list[Thread], total: int, timeline: Timeline, rng: Random) -> list[str]:
    """Let about two statements in 100 arrive late, half of them posts whose replies come first; return their ids."""
    wanted = round(total * _LATE_SHARE)
    replied = [post.parent for thread in threads for post in thread.posts if post.parent and not post.voided]
    first_reply = {
        parent.statement: min(other.at for other in parent.thread.posts if other.parent is parent)
        for parent in dict.fromkeys(replied)
    }
    parents = rng.sample(list(first_reply), min(wanted // 2, len(first_reply)))
    for statement in parents:
        timeline.by_id[statement].arrives = first_reply[statement] + rng.randint(MINUTE, HOUR)
    ready = [sent for sent in timeline.sent if sent.repeatable and sent.arrives == sent.at]
    others = rng.sample(ready, min(wanted - len(parents), len(ready)))
    for sent in others:
        sent.arrives += delay(rng, median=8 * HOUR, spread=1.0, least=10 * MINUTE)
    return sorted([*parents, *(sent.id for sent in others)])
