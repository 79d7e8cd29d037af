"""CSV tables, as they should be, and read back."""

from __future__ import annotations

import csv

import numpy as np

from tests.helpers.meetings import meetings_annotation
from tests.helpers.sheets import whole_annotation
from wire_detection.annotations.annotation import Annotation
from wire_detection.formats.csv import Writer, tables


def test_the_tables_word_for_word():
    assert tables(whole_annotation()) == {
        "wires": "wire,x0,y0,x1,y1,type,length,confidence,net\n"
        "0,10.0,20.0,50.0,20.0,horizontal,40.0,1.0,0\n"
        "1,30.25,20.0,30.25,40.0,vertical,20.0,0.75,0\n"
        "2,5.0,5.0,25.0,15.0,diagonal,22.36,0.5,1\n"
        "3,79.0,30.0,79.0,50.0,vertical,20.0,0.125,2\n",
        "junctions": "junction,x,y,type,confidence,nets\n0,30.25,20.0,dot,0.875,0\n1,60.0,45.0,cross,1.0,\n",
        "nets": "net,wires,junctions\n0,0 1,0\n1,2,\n2,3,\n",
    }


def test_the_nets_are_read_back(tmp_path):
    annotation = meetings_annotation()
    Writer(tmp_path).add(annotation, tmp_path / "a.v1.png")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.v1_junctions.csv", "a.v1_nets.csv", "a.v1_wires.csv"]
    texts = [(tmp_path / f"a.v1_{name}.csv").read_text() for name in ("wires", "nets")]
    wires, nets = (list(csv.DictReader(text.splitlines())) for text in texts)
    assert tuple(tuple(map(int, row["wires"].split())) for row in nets) == annotation.nets
    ends = [[float(row[key]) for key in ("x0", "y0", "x1", "y1")] for row in wires]
    np.testing.assert_allclose(ends, annotation.wires)
    assert all(int(row["wire"]) in annotation.nets[int(row["net"])] for row in wires)


def test_a_type_with_a_comma_or_a_line_break_stays_one_field():
    annotation = Annotation.build(
        image_path="a.png", image_shape=(30, 40), junctions=[[5, 5]], junction_types=['T, "x"\ny']
    )
    (row,) = list(csv.reader(tables(annotation)["junctions"].splitlines()))[1:]
    assert row == ["0", "5.0", "5.0", 'T, "x"\N{REPLACEMENT CHARACTER}y', "1.0", ""]


def test_a_sheet_without_wires():
    text = tables(Annotation.build(image_path="a.png", image_shape=(30, 40)))
    assert [table.count("\n") for table in text.values()] == [1, 1, 1]
