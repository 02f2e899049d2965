from lrs.core.normaliser.seen import Seen, Space


def test_every_key_that_was_written_is_found_and_hardly_another() -> None:
    seen = Seen()
    for begin in range(0, 20_000, 500):
        seen.add(Space.NEEDS, (key * 0x9E3779B97F4A7C15 % (1 << 63) for key in range(begin, begin + 500)))

    written = [key * 0x9E3779B97F4A7C15 % (1 << 63) for key in range(20_000)]
    others = [key + 1 for key in written]
    assert seen.among(Space.NEEDS, written) == written
    assert len(seen.among(Space.NEEDS, others)) < 20


def test_a_key_of_one_space_is_none_of_another() -> None:
    seen = Seen()
    seen.add(Space.ITEMS, ["a", "b"])

    assert seen.among(Space.ITEMS, ["c", "b", "a"]) == ["b", "a"]
    assert seen.among(Space.NEEDS, ["a", "b"]) == []


def test_of_nothing_nothing_is_found() -> None:
    assert Seen().among(Space.CLOSES, []) == []
