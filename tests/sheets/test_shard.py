"""Parts of a list are fixed and make the whole."""

from __future__ import annotations

from tests.helpers.sheets import write_tiny_sheets
from wire_detection.sheets.listing import find_pages
from wire_detection.sheets.shard import WHOLE, Shard


def test_parts_are_every_third_and_all_together_the_whole():
    assert [Shard(number, 3).of("abcdefg") for number in range(3)] == [("a", "d", "g"), ("b", "e"), ("c", "f")]
    assert WHOLE.of("abc") == ("a", "b", "c") and str(Shard(1, 3)) == "1/3"


def test_pages_and_what_is_passed_over_are_each_told_by_one_shard(tmp_path):
    images, _ = write_tiny_sheets(tmp_path, 4)
    for name in ("a.png", "b.png", "notes.txt"):
        (images / name).write_text("no sheet")
    whole, parts = find_pages(images), [find_pages(images, shard=Shard(number, 3)) for number in range(3)]
    assert [len(part.pages) for part in parts] == [2, 1, 1]
    for found in ("pages", "skipped", "foreign"):
        assert {one for part in parts for one in getattr(part, found)} == set(getattr(whole, found))


def test_a_shard_may_be_empty(tmp_path):
    images, _ = write_tiny_sheets(tmp_path, 1)
    assert find_pages(images, shard=Shard(1, 2)).pages == ()
