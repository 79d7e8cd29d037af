"""Rows come back as they were written, as far as they were."""

from __future__ import annotations

from wire_detection.runs.row_file import RowFile

ROWS = [{"name": "ü\n.png", "share": 0.1 + 0.2}, {"name": "b", "share": 1e-300}]


def test_rows_come_back_exactly(tmp_path):
    file = RowFile(tmp_path / "new" / "rows.jsonl")
    assert list(file.read()) == []
    for row in ROWS:
        file.add(row)
    assert list(RowFile(file.path).read()) == ROWS
    file.remove()
    assert list(file.read()) == []


def test_half_a_row_is_cut_off_and_the_next_one_is_whole(tmp_path):
    file = RowFile(tmp_path / "rows.jsonl")
    file.add(ROWS[0])
    with file.path.open("a", encoding="utf-8") as handle:
        handle.write('{"name": "b", "sha')
    assert list(file.read()) == ROWS[:1]
    file.add(ROWS[1])
    assert list(file.read()) == ROWS
