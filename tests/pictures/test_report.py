"""Reports: nets as groups over the picture, everything inside the file, small, and shown by a browser as meant."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest

from tests.helpers.browser import CHROMIUM, browse
from tests.helpers.sheets import whole_annotation
from wire_detection.annotations.annotation import Annotation
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.pictures.line_chart import Chart, Line
from wire_detection.pictures.overlays import net_rgb
from wire_detection.pictures.report import MOST_PICTURES, Report, ReportSheet, Table, write_report
from wire_detection.pictures.report_sheet import PICTURE_LONGEST_PX, SheetPicture, draw_sheet_svg
from wire_detection.sheets.image_files import SheetError

PAPER = np.full((60, 80), 255, np.uint8)


def drawn(annotation: Annotation, grey: np.ndarray = PAPER, **errors) -> ElementTree.Element:
    return ElementTree.fromstring(draw_sheet_svg(SheetPicture(grey, annotation, **errors), "a.png"))


def layer(drawing: ElementTree.Element, name: str) -> ElementTree.Element:
    (found,) = [group for group in drawing.findall("g") if group.get("class") == name]
    return found


def paths(group: ElementTree.Element) -> dict[str, str]:
    return {path.get("class", ""): path.get("d") for path in group.iter("path")}


def picture_of(drawing: ElementTree.Element) -> np.ndarray:
    data = base64.b64decode(drawing.find("image").get("href").removeprefix("data:image/webp;base64,"))
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)


def sheet(name: str = "a.png", doubt: str = "", annotation: Annotation | None = None, grey=PAPER) -> ReportSheet:
    shown = SheetPicture(grey, annotation or whole_annotation())
    return ReportSheet(name, {"wires": 4, "confidence": 0.5}, doubt, lambda: shown)


def text_of(tmp_path, **fields) -> str:
    write_report(tmp_path / "report.html", Report(**{"title": "Nets", "facts": {}, "sheets": [], **fields}))
    return (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_net_is_a_group_with_its_wires_and_junctions_and_what_is_least_sure():
    """Of the whole annotation wires 0 (sure) and 1 (0.75) with a dot are net 0, wire 2 is net 1, wire 3 is in none."""
    first, second, alone = layer(drawn(whole_annotation()), "nets").findall("g")
    assert paths(first) == {"": "M10 20H50", "doubtful": "M30.2 20V40", "dot": "M30.2 20h0"}
    assert paths(second) == {"doubtful": "M5 5L25 15"}
    assert paths(alone) == {"doubtful": "M79 30V50", "dot": "M60 45h0"}
    assert [group.get("data-net") for group in (first, second, alone)] == ["0", "1", ""]
    assert [group.get("data-confidence") for group in (first, second, alone)] == ["0.75", "0.50", "0.12"]
    assert [group.get("stroke") for group in (first, second)] == ["#%02x%02x%02x" % net_rgb(n) for n in (0, 1)]  # noqa: UP031


def test_a_doubtful_junction_has_a_halo_and_makes_its_net_doubtful():
    unsure = replace(whole_annotation(), wire_confidences=np.ones(4), junction_confidences=np.array([0.5, 1]))
    group = layer(drawn(unsure), "nets").find("g")
    assert paths(group)["halo"] == paths(group)["dot"] == "M30.2 20h0" and group.get("data-confidence") == "0.50"


def test_a_junction_belongs_to_the_net_of_the_nearest_wire():
    found = Annotation.build(
        image_path="a.png",
        image_shape=(60, 80),
        wires=[[10, 20, 50, 20], [10, 24, 50, 24]],
        junctions=[[30, 23]],
        nets=[[0], [1]],
        metadata={"stroke_width": 2.0},
    )
    assert ["dot" in paths(group) for group in layer(drawn(found), "nets").findall("g")] == [False, True]


def test_crossings_are_rings_and_errors_have_layers_of_their_own():
    errors = {"missed": np.array([[1, 2, 30, 2.0]]), "false": np.array([[5, 6, 5, 40.04]])}
    drawing = drawn(whole_annotation(), **errors)
    assert paths(layer(drawing, "crossings")) == {"ring": "M15 45h0M70 10h0", "hole": "M15 45h0M70 10h0"}
    assert paths(layer(drawing, "missed")) == {"": "M1 2H30"} and paths(layer(drawing, "false")) == {"": "M5 6V40"}


def test_a_sheet_without_anything_is_its_picture():
    drawing = drawn(Annotation.build(image_path="a.png", image_shape=(60, 80)))
    assert not list(drawing.iter("path")) and picture_of(drawing).shape == (60, 80)


def test_the_picture_lies_exactly_under_the_drawing_and_a_large_one_is_reduced():
    grey = np.full((1200, 2 * PICTURE_LONGEST_PX), 255, np.uint8)
    grey[:, ::40] = 0
    drawing = drawn(replace(whole_annotation(), image_shape=grey.shape), grey)
    assert drawing.get("viewBox") == f"-0.5 -0.5 {grey.shape[1]} 1200"
    image = drawing.find("image")
    assert [image.get(key) for key in ("x", "y", "width", "height", "preserveAspectRatio")] == [
        *("-0.5", "-0.5", str(grey.shape[1]), "1200", "none")
    ]
    assert picture_of(drawing).shape == (600, PICTURE_LONGEST_PX)


def test_names_and_texts_cannot_become_code(tmp_path):
    evil = '<script>alert("&")</script>\udcff'
    text = text_of(
        tmp_path,
        title=evil,
        facts={evil: evil},
        tables=[Table(evil, (evil,), ((evil,),))],
        charts=[Chart(evil, evil, (Line(evil, [1], [1]),))],
        sheets=[sheet(evil, evil)],
    )
    assert text.count("<script>") == 1 and "alert(" in text


def test_nothing_outside_the_file_is_asked_for(tmp_path):
    grey, truth = draw_sheet(3, size=(900, 700), style="kicad")
    chart = Chart("Loss", "epoch", (Line("loss", [1], [1]),))
    text = text_of(tmp_path, sheets=[sheet(annotation=truth, grey=grey)], charts=[chart], with_truth=True)
    assert set(re.findall(r'href="([^"]{0,5})', text)) == {"#s0", "data:"}
    text = re.sub(r'href="data:[^"]*"', "", text)
    assert not re.search(r"https?:|//[a-z]|\bsrc=|url\(|@import|\bfetch\(|XMLHttpRequest|import\(", text)
    assert "default-src 'none'" in text


def test_sixty_sheets_take_less_than_300_kb_beside_their_pictures(tmp_path):
    """Each has 60 wires with two numbers that differ, as a sheet of the bundled ones, and a junction on every third."""
    rng = np.random.default_rng(0)
    wires = np.repeat(rng.uniform(0, 2000, (60, 2)), 2, axis=0).reshape(60, 4)
    wires[:, 2] += 123.4
    full = Annotation.build(
        image_path="a.png",
        image_shape=(2000, 2200),
        wires=wires,
        junctions=wires[::3, :2],
        nets=np.arange(60).reshape(20, 3),
    )
    text = text_of(tmp_path, sheets=[sheet(f"sheet_{n}.png", annotation=full) for n in range(60)])
    assert len(re.sub(r'href="data:[^"]*"', "", text).encode()) < 300_000


def test_the_first_sheets_have_pictures_and_the_list_names_all(tmp_path):
    text = text_of(tmp_path, sheets=[sheet(f"sheet_{n}.png") for n in range(MOST_PICTURES + 2)])
    assert text.count('<article class="sheet"') == MOST_PICTURES
    assert f'<a href="#s{MOST_PICTURES - 1}">' in text and f'<a href="#s{MOST_PICTURES}">' not in text
    assert f"sheet_{MOST_PICTURES + 1}.png" in text and "2 further sheets" in text


def test_a_sheet_that_cannot_be_read_any_more_is_told_and_the_others_are_shown(tmp_path):
    def gone():
        raise SheetError("a.png: no such\nimage")

    text = text_of(tmp_path, sheets=[replace(sheet("a.png"), read=gone), sheet("b.png")])
    assert '<p class="doubt">a.png: no such image</p>' in text and text.count('<svg class="drawing"') == 1


def test_remarks_have_a_column_only_where_there_are_some(tmp_path):
    assert ">remark<" not in text_of(tmp_path, sheets=[sheet()])
    assert ">remark<" in text_of(tmp_path, sheets=[sheet(doubt="bare paper")])


def test_a_report_is_whole_or_not_there(tmp_path):
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        text_of(tmp_path, sheets=[sheet(), replace(sheet(), read=interrupted)])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium to look at a report with")
class TestInABrowser:
    def test_the_net_of_a_link_is_lit_and_all_are_listed_the_least_sure_first(self, tmp_path):
        text_of(tmp_path, sheets=[sheet("a.png"), sheet("b.png")])
        page = browse(f"{(tmp_path / 'report.html').as_uri()}#s1n0", tmp_path, "--dump-dom")
        first, second = re.findall(r"<article.*?</article>", page, re.DOTALL)
        lit = re.findall(r'<g class="net lit" data-net="(\d*)"', second)
        assert lit == ["0"] and 'class="net lit"' not in first and '<article class="sheet has-lit" id="s1"' in second
        assert "net 0: 2 wires, 1 junction, confidence 0.75, doubtful" in second
        names = re.findall(r"</span>(in no net|net \d+)</button>", first)
        assert names == ["in no net", "net 1", "net 0"]

    @pytest.mark.parametrize("scheme", [1, 0], ids=["light", "dark"])
    def test_a_picture_of_the_page_shows_wires_over_the_sheet(self, tmp_path, scheme):
        green = replace(whole_annotation(), nets=((0, 1, 2, 3),))  # the colour of net 0 is red
        text_of(tmp_path, sheets=[sheet(annotation=green)])
        options = (f"--screenshot={tmp_path / 'shot.png'}", "--window-size=1000,900", "--hide-scrollbars")
        scheme_option = f"--blink-settings=preferredColorScheme={scheme}"
        browse((tmp_path / "report.html").as_uri(), tmp_path, scheme_option, *options)
        shot = cv2.imread(str(tmp_path / "shot.png"), cv2.IMREAD_COLOR_RGB)
        assert (shot[5, 5] > 200).all() == bool(scheme)  # the page's margin
        assert (np.abs(shot.astype(int) - net_rgb(0)).max(2) < 30).sum() > 500
