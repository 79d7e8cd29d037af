"""What belongs together: connected components of a graph."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components


def connected_groups(edges: np.ndarray, count: int) -> np.ndarray:
    """(count,) int number of the connected group of each node of a graph with (E, 2) `edges`."""
    graph = coo_matrix((np.ones(len(edges), bool), (edges[:, 0], edges[:, 1])), shape=(count, count))
    return connected_components(graph, directed=False)[1].astype(int) if count else np.zeros(0, int)
