"""What belongs together is a connected component of a graph."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components


def connected_groups(edges, count: int) -> np.ndarray:
    """Number the connected group of each node of a graph with (E, 2) `edges`: (count,) int, counted from 0.

    Groups are numbered in the order of their first nodes.
    """
    one, other = np.asarray(edges, int).reshape(-1, 2).T
    graph = coo_matrix((np.ones(len(one), bool), (one, other)), shape=(count, count))
    return connected_components(graph, directed=False)[1].astype(int) if count else np.zeros(0, int)


def members_of(groups: np.ndarray) -> list[np.ndarray]:
    """List the numbers of the nodes of each group, in rising order; groups (N,) are counted from 0."""
    if not len(groups):
        return []
    return np.split(np.argsort(groups, kind="stable"), np.cumsum(np.bincount(groups))[:-1])
