"""Folds are trained one by one, each into a folder of its own, and told together."""

from __future__ import annotations

import json

import pytest

from wire_detection.runs.run_folder import RunFolderError
from wire_detection.training.folds import fold_interval, format_folds, summarise_folds, train_folds


def scores(wire: float, net: float | None = None) -> dict:
    """What evaluation.json of a fold holds under "scores"."""
    found = {"wire": {"mean": {"precision": 0.5, "recall": 0.5, "f1": wire}}}
    return found if net is None else {**found, "net": {"mean": {"share": net}}}


def test_the_interval_is_that_of_the_corrected_t_test():
    """Of 0.8, 0.9, 1 the spread is 0.1, times sqrt(1/3 + 1/2) = 0.912871; t of 2 degrees is 4.302653: 0.392776."""
    assert fold_interval([0.4, 0.5, 0.6]) == pytest.approx((0.107224, 0.892776), abs=1e-6)
    assert fold_interval([0.8, 0.9, 1.0]) == pytest.approx((0.507224, 1.0), abs=1e-6)
    assert fold_interval([0.7] * 4) == pytest.approx((0.7, 0.7))
    assert fold_interval([0.7]) == (0, 1)


def test_a_fold_that_has_nothing_to_count_is_left_out_of_the_mean():
    result = summarise_folds([scores(0.4, net=1.0), scores(0.5), scores(0.6, net=0.5)])
    assert result["wire"]["folds"] == [0.4, 0.5, 0.6] and result["wire"]["mean"] == pytest.approx(0.5)
    assert result["net"]["folds"] == [1.0, 0.5] and "junction" not in result
    table = format_folds(result).splitlines()
    assert [line.split()[0] for line in table[1:]] == ["wire", "net"]
    assert table[1].split() == ["wire", "0.500", "0.107", "to", "0.893", "0.400", "0.500", "0.600"]


def test_each_fold_is_trained_into_its_own_folder_with_all_else_as_it_was_asked(tmp_path, capsys):
    asked = []

    def train(**settings):
        asked.append(settings)
        return None, None, {"scores": scores(0.1 * len(asked))}

    train_folds(train, {"experiment_dir": tmp_path, "fold": None, "epochs": 3}, 2, overwrite=False)
    assert asked == [
        {"experiment_dir": tmp_path / f"fold_{number}", "fold": (number, 2), "epochs": 3} for number in (1, 2)
    ]
    assert json.loads((tmp_path / "folds.json").read_text())["wire"]["folds"] == pytest.approx([0.1, 0.2])
    assert "wire       0.150" in capsys.readouterr().out


def test_no_fold_is_trained_when_one_of_them_would_replace_a_run(tmp_path):
    (tmp_path / "fold_2").mkdir()
    (tmp_path / "fold_2" / "run.json").touch()
    with pytest.raises(RunFolderError, match="fold_2: holds the results of a run"):
        train_folds(lambda **settings: pytest.fail("trained"), {"experiment_dir": tmp_path}, 2, overwrite=False)
