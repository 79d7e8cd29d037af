"""CVAT files: coordinates from the corner, the round trip of what they hold, what hands draw, and what is refused."""

from __future__ import annotations

import time

import pytest

from tests.helpers.sheets import assert_same
from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.formats import cvat
from wire_detection.formats.cvat import Writer, find_sources


@pytest.fixture
def written(whole_sheet, tmp_path):
    """(folder with the CVAT file, sheets, annotation)."""
    sheets, annotation = whole_sheet
    writer = Writer(tmp_path / "out")
    writer.add(annotation, sheets.pages[0].path)
    writer.finish()
    return tmp_path / "out", sheets, annotation


def read_text(written, text: str):
    folder, sheets, _ = written
    (folder / "annotations.xml").write_text(text)
    (source,) = find_sources(folder)
    return source.read(sheets)


def read_shapes(written, *shapes: str, size: str = 'width="80" height="60"'):
    inner = "\n".join(shapes)
    return read_text(written, f'<annotations><meta/><image id="0" name="x/a.png" {size}>{inner}</image></annotations>')


def test_coordinates_count_from_the_corner_of_the_image(written):
    text = (written[0] / "annotations.xml").read_text()
    assert '<image id="0" name="a.png" width="80" height="60">' in text
    wire = '<polyline label="wire" points="30.7500,20.5000;30.7500,40.5000" group_id="0">'
    assert f'{wire}<attribute name="confidence">0.75</attribute></polyline>' in text
    assert '<box label="component:ic" xtl="41.0000" ytl="22.5000" xbr="70.5000" ybr="36.0000">' in text


def test_nothing_but_the_metadata_is_lost_on_the_way(written):
    (source,) = find_sources(written[0])
    read = source.read(written[1])
    assert_same(read, written[2], *(name for name in read.__dataclass_fields__ if name != "metadata"))
    assert read.metadata == {"source": "manual"}


def test_what_a_hand_draws_is_read(written, caplog):
    read = read_shapes(
        written,
        '<polyline label="Wires" points="10.5,10.5;20.5,10.5;20.5,30.5" group_id="3"/>',
        '<points label="junction" points="10.5,10.5;20.5,10.5"><attribute name="type">dot</attribute></points>',
        '<polygon label="wire" points="10.5,49.5;50.5,49.5;50.5,51.5;10.5,51.5"/>',
        '<box label="Resistor &amp; more" xtl="1.5" ytl="2.5" xbr="9.5" ybr="8.5"/>',
        '<ellipse label="wire" cx="5" cy="5" rx="1" ry="1"/>',
        '<tag label="good"/>',
    )
    assert read.wires.tolist()[:2] == [[10, 10, 20, 10], [20, 10, 20, 30]] and read.nets == ((0, 1),)
    assert sorted(read.wires[2].reshape(2, 2).tolist()) == [[10, 50], [50, 50]]
    assert read.junctions.tolist() == [[10, 10], [20, 10]] and read.junction_types == ("dot", "dot")
    assert read.components == ({"bbox": [1, 2, 9, 8], "type": "Resistor & more", "confidence": 1.0},)
    assert "a.png: left out 1 shapes" in caplog.text and "ellipse" in caplog.text


def test_a_name_with_signs_of_xml_and_what_xml_cannot_hold(whole_sheet, tmp_path):
    from dataclasses import replace

    sheets, annotation = whole_sheet
    component = {"bbox": [1, 2, 9, 8], "type": '<R&"1"\0>', "confidence": 1.0}
    writer = Writer(tmp_path)
    writer.add(replace(annotation, components=(component,)), sheets.pages[0].path)
    writer.finish()
    (source,) = find_sources(tmp_path)
    assert source.read(sheets).components[0]["type"] == '<R&"1">'


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ('<polyline label="wire" points="1,1;200,1"/>', "wire 0 lies outside"),
        ('<polyline label="wire" points="1,a;2,1"/>', "shape 0 holds what is no number: 'a'"),
        ('<polyline label="wire" points="1,nan;2,1"/>', "finite"),
        ('<polyline label="wire" points="1;2,1"/>', "needs 2 finite numbers"),
        ('<polyline label="wire" points="1,1;2,1" group_id="1.5"/>', "whole number"),
        ('<box label="text" xtl="1"/>', "no number"),
        ('<points label="junction" points="1,1"><attribute name="confidence">7</attribute></points>', "confidence"),
    ],
)
def test_what_is_wrong_with_a_shape_is_told_in_one_line(written, shape, reason):
    with pytest.raises(AnnotationError) as error:
        read_shapes(written, shape)
    assert reason in str(error.value) and "annotations.xml: " in str(error.value) and "\n" not in str(error.value)


def test_another_size_is_refused_and_none_is_that_of_the_image(written):
    assert read_shapes(written, size="").image_shape == (60, 80)
    with pytest.raises(AnnotationError, match="80x61"):
        read_shapes(written, size='width="80" height="61"')


ENTITIES = """<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>"""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{ENTITIES}<annotations><image name='&b;&c;'/></annotations>", "has a document type"),
        ("<annotations><image>", "is no XML"),
        ("<annotations/>", "is no CVAT file"),
        ("", "is no XML"),
        ("<a>" * 51, "more than the 50 elements within each other"),
        (f"<a>{'<image/>' * 100_001}</a>", "more than the 100000 images"),
        (f"<a><image>{'<box/>' * 100_001}</image></a>", "more than the 100000 shapes in one image"),
    ],
)
def test_what_is_no_cvat_file_is_refused(written, text, reason):
    with pytest.raises(AnnotationError, match=reason):
        read_text(written, text)


def test_more_shapes_than_a_folder_holds_are_refused(written, monkeypatch):
    monkeypatch.setattr(cvat, "MAX_ENTRIES", 3)
    with pytest.raises(AnnotationError, match="annotations.xml: holds more than the 3 shapes allowed"):
        read_text(written, f"<a>{'<image><box/><box/></image>' * 2}</a>")


def test_an_attribute_of_many_lines_is_read_whole(written):
    lines = "\n" * 400_000
    begin = time.process_time()
    read = read_shapes(
        written, f'<points label="junction" points="1,1"><attribute name="type">d{lines}ot</attribute></points>'
    )
    assert time.process_time() - begin < 2 and read.junction_types == (f"d{lines}ot",)
