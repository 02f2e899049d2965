from lrs.core.people.identity import Identity, identity
from tests.core.people.samples import day, event, learned, membership, person


def test_all_identifiers_of_a_person_are_that_person_and_a_stranger_is_one_alone() -> None:
    known = identity(3, [person("p1", "ann", "anna"), person("p2")], [])

    assert [known.person(each) for each in ("ann", "anna", "ben", "p2")] == ["p1", "p1", "ben", "p2"]
    assert known.version == 3


def test_nobody_is_known_in_an_empty_store() -> None:
    for nobody in (Identity(), identity(0, [], [])):
        assert nobody.person("ann") == "ann"
        assert nobody.everybody() is None
        assert not nobody.has("team")


def test_a_membership_begins_with_its_first_moment_and_has_ended_at_its_last() -> None:
    known = identity(1, [person("p1", memberships=[membership("team", "A", since=day(1), until=day(2))])], [])

    assert [known.groups("p1", "team", day(each)) for each in (0.9, 1, 1.9, 2)] == [[], ["A"], ["A"], []]
    assert known.groups("p1", "department", day(1)) == []
    assert known.groups("p2", "team", day(1)) == []


def test_somebody_in_several_groups_is_in_each_of_them_once() -> None:
    told = [membership("team", "A"), membership("team", "B"), membership("team", "A", role="lead")]

    assert identity(1, [person("p1", memberships=told)], []).groups("p1", "team", day(0)) == ["A", "B"]


def test_the_roster_of_a_window_is_whoever_belonged_at_some_time_of_it() -> None:
    people = [
        person("before", memberships=[membership("team", "A", until=day(1))]),
        person("until", memberships=[membership("team", "A", until=day(1.5))]),
        person("from", memberships=[membership("team", "A", since=day(1.9))]),
        person("after", memberships=[membership("team", "A", since=day(2))]),
        person("other", memberships=[membership("team", "B"), membership("department", "A")]),
        person("left", memberships=[membership("team", "A")], active=False),
        person("out", memberships=[membership("team", "A")], opt_out=True),
    ]

    assert identity(1, people, []).roster("team", "A", day(1), day(2)) == {"until", "from"}


def test_the_roster_of_the_store_is_who_was_imported_and_neither_left_nor_opted_out() -> None:
    people = [person("p1", "ann"), person("p2", active=False), person("p3", opt_out=True), person("p4", opt_in=True)]

    known = identity(1, people, [learned("team", "A", event("a stranger", 1))])

    assert known.everybody() == frozenset({"p1", "p4"})
    assert (set(known.opted_in), set(known.opted_out), set(known.inactive)) == ({"p4"}, {"p3"}, {"p2"})


def test_an_instructor_is_one_in_that_course_and_at_that_time() -> None:
    teaches = membership("course", "c:1", role="instructor", since=day(1))
    known = identity(1, [person("p1", memberships=[teaches, membership("course", "c:2", role="learner")])], [])

    assert known.is_instructor("p1", "c:1", day(1))
    assert not known.is_instructor("p1", "c:1", day(0))
    assert not known.is_instructor("p1", "c:2", day(1))
    assert not known.is_instructor("p2", "c:1", day(1))


def test_what_was_learned_counts_for_those_without_an_imported_membership_of_that_kind() -> None:
    people = [person("p1", "ann", memberships=[membership("team", "B")]), person("p2", "ben")]
    groups = [
        learned("team", "A", event("ann", 1), event("ben", 1), event("cem", 1)),
        learned("community", "C", event("ann", 1)),
        learned("course", "c:1", event("ann", 1), role="instructor"),
    ]

    known = identity(1, people, groups)

    assert [known.groups(each, "team", day(1)) for each in ("p1", "p2", "cem")] == [["B"], ["A"], ["A"]]
    assert known.groups("p1", "community", day(1)) == ["C"]
    assert known.is_instructor("p1", "c:1", day(2))
    assert known.has("community")
    assert not known.has("department")


def test_what_one_account_joins_another_of_the_same_person_leaves() -> None:
    groups = [learned("team", "A", event("ann", 1), event("anna", 2, joins=False), event("anna", 4))]

    apart, one = identity(1, [], groups), identity(1, [person("p1", "ann", "anna")], groups)

    assert [apart.groups("ann", "team", day(each)) for each in (1, 3, 5)] == [["A"], ["A"], ["A"]]
    assert [one.groups("p1", "team", day(each)) for each in (1, 3, 5)] == [["A"], [], ["A"]]
