"""Verbs that write files are killed and run again: nothing half written, nothing lost, nothing done twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.helpers.kill_verbs import Outcome, kill_and_repeat, write_inputs

pytestmark = pytest.mark.reliability

KILLED = ("report", "annotate", "synthesize", "import", "export yolo", "check")
KILLS = 2
"""Of each verb; `python -m benchmarks.kill_verbs` does as many as asked."""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[str, Outcome]:
    inputs = write_inputs(tmp_path_factory.mktemp("inputs"), 4)
    folders = [tmp_path_factory.mktemp(name.replace(" ", "_")) for name in KILLED]
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(kill_and_repeat, name, inputs, folder, KILLS, 1)
            for name, folder in zip(KILLED, folders, strict=True)
        ]
        return {name: job.result() for name, job in zip(KILLED, jobs, strict=True)}


@pytest.mark.parametrize("verb", KILLED)
def test_a_killed_verb_leaves_nothing_half_written_and_ends_as_one_left_alone(outcomes, verb):
    assert outcomes[verb].kills == KILLS and outcomes[verb].faults() == []
