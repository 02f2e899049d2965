from random import Random

import pytest

from lrs import kit
from lrs.plugin import Act
from plugins.discussion import plugin
from plugins.discussion.views import openings, posts_opened
from tests.plugins.discussion.samples import at, reply, start, told, view

FIRST = start("a")
ANSWER = reply("b", 10, FIRST, "p")


def test_a_view_of_a_thread_counts_for_reading_alone() -> None:
    assert view("c", 5, "t", "t", course_id="c:x", target="a") == Act(
        id="c at 5 of t:view:0",
        t=at(5),
        actor="c",
        course="c:x",
        subject="t",
        contributes=False,
        detail={"object": "t"},
    )


@pytest.mark.parametrize("status", ["pending", "unresolvable", None])
def test_a_view_of_what_nobody_was_seen_to_make_is_none_of_a_post(status: str | None) -> None:
    assert told("view", object_id="page", target_status=status) is None


def opened(*views: Act, others: tuple[Act, ...] = ()) -> set[str]:
    return set(openings(kit.scope(plugin, [FIRST, ANSWER, *views], others=others))["id"])


def test_what_is_opened_is_a_thread_or_a_post_whether_or_not_its_statement_says_so() -> None:
    of_thread, of_post = view("c", 1, "t", "t"), view("c", 2, "p", "t")
    bare_thread, bare_post = view("c", 3, "t"), view("c", 4, "p")
    unseen_thread = view("c", 5, "old", "old", target_status="pending")

    views = (of_thread, of_post, bare_thread, bare_post, unseen_thread)

    assert opened(*views) == {each.id for each in views}


def test_what_somebody_made_elsewhere_is_no_post() -> None:
    assert opened(view("c", 1, "a wiki page")) == set()


def test_a_post_of_another_group_is_a_post() -> None:
    theirs = reply("e", 3, start("d", 0, "u"), "q")

    assert opened(view("c", 4, "q"), others=(theirs,)) == {"c at 4 of q:view:0"}


def counted(posts: list[Act], *views: Act) -> dict[str, int]:
    names = {kit.scope(plugin, [each]).acts["actor"][0]: each.actor for each in views}
    tables = kit.scope(plugin, posts).acts, kit.scope(plugin, views).acts
    return {names[actor]: count for actor, count in posts_opened(*tables).rows() if count}


def test_who_opens_a_thread_opens_what_was_written_in_it_until_then() -> None:
    posts = [FIRST, ANSWER, reply("b", 20, FIRST), start("d", 0, "u")]

    assert counted(posts, view("c", 9.99, "t", "t")) == {"c": 1}
    assert counted(posts, view("c", 10, "t", "t")) == {"c": 2}
    assert counted(posts, view("c", 25, "t", "t"), view("c", 5, "t", "t"), view("c", 6, "u", "u")) == {"c": 4}


def test_ones_own_posts_are_not_opened() -> None:
    assert counted([FIRST, ANSWER], view("a", 20, "t", "t"), view("b", 20, "p", "t")) == {"a": 1}


def test_who_opens_a_post_opens_that_one_once_however_it_is_opened() -> None:
    posts = [FIRST, ANSWER, reply("b", 20, FIRST, "q")]

    assert counted(posts, view("c", 11, "p", "t"), view("c", 12, "p", "t")) == {"c": 1}
    assert counted(posts, view("c", 11, "p", "t"), view("c", 12, "t", "t")) == {"c": 2}
    assert counted(posts, view("c", 12, "t", "t"), view("c", 21, "q", "t")) == {"c": 3}


def test_a_reply_without_an_id_of_its_own_is_opened_with_its_thread() -> None:
    nameless = reply("b", 10, FIRST, object_id="t")

    assert counted([FIRST, nameless], view("c", 5, "t", "t")) == {"c": 1}
    assert counted([FIRST, nameless], view("c", 15, "t", "t")) == {"c": 2}


@pytest.mark.parametrize("seed", range(5))
def test_any_posts_and_views_count_as_they_do_one_by_one(seed: int) -> None:
    random = Random(seed)
    people, threads = [f"p{n}" for n in range(6)], [f"t{n}" for n in range(4)]
    starts = {thread: start(random.choice(people), random.randrange(30), thread) for thread in threads[1:]}
    starts[threads[0]] = start("p0", -60, threads[0])  # before the window: only replies to it are in it
    replies = [
        reply(random.choice(people), random.randrange(60), starts[random.choice(threads)], f"post {n}")
        for n in range(25)
    ]
    posts = [*replies, *(starts[thread] for thread in threads[1:])]
    things = [(thread, thread) for thread in threads] + [(f"post {n}", replies[n].subject) for n in range(25)]
    views = [view(random.choice(people), random.randrange(90) + n / 100, *random.choice(things)) for n in range(40)]

    assert counted(posts, *views) == _one_by_one(posts, views)


def _one_by_one(posts: list[Act], views: list[Act]) -> dict[str, int]:
    seen = {
        (each.actor, post.id)
        for each in views
        for post in posts
        if post.actor != each.actor
        and (
            (each.detail["object"] == post.subject and post.t <= each.t)
            or each.detail["object"] == post.detail["object"] != post.subject
        )
    }
    viewers = {who for who, _ in seen}
    return {who: sum(viewer == who for viewer, _ in seen) for who in viewers}
