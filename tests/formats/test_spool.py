"""Texts wait in a file without a name."""

from __future__ import annotations

import io

from wire_detection.formats.spool import Spool


def test_texts_come_back_in_their_order_and_leave_no_file(tmp_path):
    spool, written = Spool(tmp_path / "new", ", "), io.StringIO()
    for text in ("a", "ü\n", "c"):
        spool.append(text)
    spool.copy_to(written)
    assert written.getvalue() == "a, ü\n, c" and len(spool) == 3 and list((tmp_path / "new").iterdir()) == []


def test_without_texts_no_folder_is_made(tmp_path):
    spool, written = Spool(tmp_path / "new", ", "), io.StringIO()
    spool.copy_to(written)
    assert written.getvalue() == "" and len(spool) == 0 and not (tmp_path / "new").exists()
