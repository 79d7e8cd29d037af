"""JSON graphs hold the graph of a sheet in `STEM.graph.json`, laid out as NetworkX, D3 and others call node-link data.

    {"directed": false, "multigraph": true, "graph": {"image": "amp.png", "width": 640, "height": 480, ...},
     "nodes": [{"id": 0, "x": 12.5, "y": 80.0, "kind": "end", "net": 0}],
     "edges": [{"source": 0, "target": 1, "key": 0, "net": 0, "kind": "wire", "wire": 0, "confidence": 0.98}]}

graph_items.py says what nodes and edges are. `networkx.node_link_graph(json.load(file), edges="edges")` reads it.
"""

from __future__ import annotations

from pathlib import Path

from wire_detection.annotations.annotation import Annotation
from wire_detection.formats.graph_items import graph_items
from wire_detection.sheets.safe_files import write_json


class Writer:
    """Writes STEM.graph.json files into a folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def add(self, annotation: Annotation, image: Path) -> None:
        about, nodes, edges = graph_items(annotation)
        numbered = [{**edge, "key": number} for number, edge in enumerate(edges)]
        content = {"directed": False, "multigraph": True, "graph": about, "nodes": nodes, "edges": numbered}
        write_json(self.folder / f"{image.stem}.graph.json", content)

    def finish(self) -> None:
        """Every file is written already."""
