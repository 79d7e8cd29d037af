#!/usr/bin/env python3
"""Train and score networks that find the wires and junctions of circuit schematics.

python train_wire_detection.py --data_dir data/schematics_dataset --annotation_dir data/annotations
python train_wire_detection.py --evaluate experiments/models/unet_best.h5
python train_wire_detection.py --predict scan.png
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, fields
from functools import partial
from pathlib import Path

from wire_detection import defaults
from wire_detection.command import flags, verbs
from wire_detection.command.flags import Verb, arguments_of_run, parse_arguments, within
from wire_detection.command.messages import complain, how_to_go_on, in_words, print_next_steps, setup_logging
from wire_detection.formats.table import EXPORT_FORMATS, IMPORT_FORMATS
from wire_detection.pictures.history_plot import plot_training_history
from wire_detection.runs.folder_lock import locked
from wire_detection.runs.run_folder import make_ready, refuse_results, remove_results
from wire_detection.runs.run_record import RunRecord
from wire_detection.runs.stop_signal import Stopped, stopping_at_once
from wire_detection.training.gpu import setup_gpu
from wire_detection.training.memory import log_memory_usage
from wire_detection.training.settings import TrainingSettings

__all__ = [
    "create_callbacks",
    "evaluate_model",
    "log_memory_usage",
    "main",
    "plot_training_history",
    "setup_gpu",
    "train_model",
]


def create_callbacks(
    experiment_dir: str | Path,
    model_type: str,
    val_gen,
    epochs: int,
    schedule: str = defaults.SCHEDULE,
    learning_rate: float = defaults.LEARNING_RATE,
    saved=None,
    max_minutes: float | None = None,
) -> list:
    """What runs beside the training: checkpoint, TensorBoard, history files, early stopping, learning rate, state.

    Args:
        experiment_dir: where all of them write.
        model_type: prefix of the files.
        val_gen: sequence of validation windows, shown in TensorBoard.
        epochs: how many epochs the training has at most.
        schedule: one of defaults.SCHEDULES, of the learning rate.
        learning_rate: with which the training begins.
        saved: the `SavedState` to go on from, if any.
        max_minutes: after which the training ends, if ever.
    """
    import keras

    from wire_detection.training.callbacks import EpochReport, HistoryFiles, MemoryCare, WindowPictures
    from wire_detection.training.keras_internals import AveragedWeights, BestModel
    from wire_detection.training.learning_rate import schedule_callbacks
    from wire_detection.training.state import FILE_NAME, TrainingState
    from wire_detection.training.time_limit import TimeLimit

    folder = Path(experiment_dir)
    limits = [] if max_minutes is None else [TimeLimit(max_minutes, learning_rate)]
    callbacks = [
        AveragedWeights(),  # first: all that follow see the averaged weights
        EpochReport(epochs, *limits),
        HistoryFiles(folder, model_type),
        BestModel(folder / "models" / f"{model_type}_best.h5"),
        keras.callbacks.TensorBoard(folder / "tensorboard", histogram_freq=1, write_graph=True),
        WindowPictures(val_gen, folder / "tensorboard" / "windows"),
        *schedule_callbacks(schedule, epochs, learning_rate),
        *limits,
        MemoryCare(),
    ]
    return [*callbacks, TrainingState(folder / FILE_NAME, callbacks, saved)]


def train_model(*, resume: bool = False, **settings):
    """Train a network on a folder of sheets; everything that it leaves lies in its `experiment_dir`.

    With `resume` it goes on after the last epoch that the run in `experiment_dir` finished, or begins with the first.
    Without, it replaces the files of a run that lies there, as soon as nothing is left to be refused: whatever is wrong
    with sheets, `init` or sizes leaves no file behind and costs no earlier run.

    Args:
        settings: fields of `training.settings.TrainingSettings`, which have the names and defaults of the flags.

    Returns:
        (model with the weights of its best epoch, or of its last one when `schedule` is "cosine"; history: a dictionary
        of one value per epoch for each key).

    Raises:
        Stopped: after a signal; what was finished stays and can be resumed.
    """
    from wire_detection.training.failure import failures_explained

    asked = TrainingSettings(**settings)
    folder = Path(asked.experiment_dir)
    record = RunRecord.of_run(folder, arguments=asdict(asked), seed=asked.seed, resume=resume)
    explained = partial(failures_explained, folder=folder, batch_size=asked.batch_size, image_size=asked.image_size)
    with explained():
        import keras

        from enhanced_data_pipeline import create_generators
        from enhanced_models import compile_model, create_initial_model
        from wire_detection.networks.model_files import save_architecture, save_model
        from wire_detection.training.candidates import LAST, START, candidate_path
        from wire_detection.training.fit import enable_determinism, fit_model, log_beginning, reason_of_end
        from wire_detection.training.state import FILE_NAME, load_state

        saved = load_state(folder / FILE_NAME) if resume else None
        keras.utils.set_random_seed(asked.seed)
        if asked.deterministic:
            enable_determinism()
        train_gen, val_gen, dataset = create_generators(asked)
        initial = create_initial_model(asked.init, asked.model_type, asked.model_size, filled=saved is None)
        model = compile_model(initial, asked.learning_rate)
    with locked(folder):
        if not resume:
            remove_results(folder)
        with record.ending(), explained():
            names = dataset.names
            trained_on = [] if asked.drawn_sheets else [names[i] for i in train_gen.sheets]
            record.set_split({"train": trained_on, "validation": [names[i] for i in val_gen.sheets]})
            save_architecture(model, folder / f"{asked.model_type}_architecture.json")
            if saved is None and asked.begins_with_weights():
                save_model(model, candidate_path(folder, asked.model_type, START))
            log_beginning(asked, model, train_gen, val_gen)
            callbacks = create_callbacks(
                *(folder, asked.model_type, val_gen, asked.epochs, asked.schedule, asked.learning_rate),
                *(saved, asked.max_minutes),
            )
            history = fit_model(model, train_gen, val_gen, callbacks, asked.epochs, folder, saved)
            save_model(model, candidate_path(folder, asked.model_type, LAST))
            record.exit_reason = reason_of_end(callbacks, history, asked.epochs)
    return model, history


def evaluate_model(
    model_path: str | Path,
    *,
    data_dir: str | Path | None = None,
    annotation_dir: str | Path | None = None,
    experiment_dir: str | Path | None = None,
    annotator: str = defaults.AUTO,
    text_filter: str = defaults.TEXT_FILTER,
    report: bool = False,
    **stated,
) -> dict:
    """Score a saved model on whole sheets, with a table and pictures of the best and the worst; return evaluation.json.

    What is None is taken from the record of the run that made the model, where there is one. On that run's own folder
    of sheets the held-out ones are scored, into its folder; of any other folder all are, into a folder of their own.
    Annotations that do not exist are made, as `create_annotation_batch` does with `annotator` and `text_filter`.

    Args:
        report: whether report.html is written too.
        stated: `recursive` and `pdf_dpi` of `find_pages`.
    """
    from custom_annotation_format import ensure_annotations
    from wire_detection.networks.runtimes import load_model
    from wire_detection.scoring.evaluate import evaluate_sheets
    from wire_detection.scoring.evaluation_report import write_evaluation_report
    from wire_detection.scoring.what_to_score import what_to_score

    model, run = load_model(model_path), RunRecord.beside_model(model_path)
    folders = {"data_dir": data_dir, "annotation_dir": annotation_dir, "experiment_dir": experiment_dir}
    sheets, options = what_to_score(run, **folders, **stated)
    data_dir, annotation_dir = sheets["data_dir"], sheets["annotation_dir"]
    ensure_annotations(data_dir, annotation_dir, annotator=annotator, text_filter=text_filter, **options)
    result = evaluate_sheets(model, **sheets, **options)
    if report:
        write_evaluation_report(result, model_path, sheets["output_dir"], sheets["names"] and run.history(), **options)
    return result


def run_check(arguments: argparse.Namespace) -> None:
    """Look at every sheet and annotation, write what is suspicious into --experiment_dir, stop."""
    from custom_annotation_format import ensure_annotations
    from wire_detection.sheets.listing import list_pages

    options = verbs.options_of_data_dir(arguments)
    list_pages(arguments.data_dir, **options)
    make_ready(arguments.experiment_dir)
    ensure_annotations(arguments.data_dir, arguments.annotation_dir, **verbs.judges_of(arguments), **options)
    verbs.report_checks(arguments)


def train_and_score(*, devices, resume: bool = False, report: bool = False, **settings) -> tuple:
    """Train, recommend a model and score it on the held-out sheets: (its file, the verdict, evaluation.json)."""
    from wire_detection.training.candidates import recommend_model

    with devices.spread(settings["experiment_dir"], settings["batch_size"]) as folder:
        train_model(**{**settings, "experiment_dir": folder}, resume=resume)
    best, verdict = recommend_model(settings["experiment_dir"], settings["model_type"])
    return best, verdict, evaluate_model(best, report=report)


def run_training(arguments: argparse.Namespace) -> None:
    """Annotate if need be, train or go on with a run, score the best model on the held-out sheets."""
    from custom_annotation_format import ensure_annotations
    from wire_detection.sheets.listing import list_pages
    from wire_detection.training.folds import train_folds
    from wire_detection.windows.data_check import refuse_unusable, warn_of

    if arguments.resume:
        arguments = arguments_of_run(arguments)
    options = verbs.options_of_data_dir(arguments)
    list_pages(arguments.data_dir, **options)  # a wrong folder is told before TensorFlow's seconds of loading
    from enhanced_models import create_model
    from wire_detection.training.batch_size import choose_batch_size
    from wire_detection.training.devices import Devices

    devices = Devices(arguments.devices, arguments.coordinator, arguments.processes, arguments.process)
    settings = {field.name: getattr(arguments, field.name) for field in fields(TrainingSettings)}
    if arguments.process:  # the first one writes and scores
        with devices.spread(arguments.experiment_dir, arguments.batch_size) as folder:
            return train_model(**{**settings, "experiment_dir": folder}, resume=arguments.resume)
    with locked(arguments.experiment_dir):
        if not (arguments.resume or arguments.overwrite):
            refuse_results(arguments.experiment_dir)
        devices.prepare(arguments.gpu_memory_limit)
        ensure_annotations(arguments.data_dir, arguments.annotation_dir, **verbs.judges_of(arguments), **options)
        checks = verbs.check_dataset(arguments)
        warn_of(checks)
        refuse_unusable(checks, arguments.data_dir, least=2 if arguments.drawn_sheets is None else 1)
        if arguments.batch_size == defaults.AUTO:
            model = create_model(arguments.model_type, (*arguments.image_size, 3), arguments.model_size)
            most = arguments.drawn_sheets or len(checks)
            settings["batch_size"] = choose_batch_size(model, devices.count_here(), most, arguments.gpu_memory_limit)
        train = partial(train_and_score, devices=devices, report=arguments.report)
        if arguments.folds is not None:
            return train_folds(train, settings, arguments.folds, overwrite=arguments.overwrite)
        best, verdict, _ = train(**settings, resume=arguments.resume)
    print_next_steps(Path(arguments.experiment_dir), best, verdict.in_words())


def run_evaluation(arguments: argparse.Namespace) -> None:
    """Score a saved model instead of training."""
    setup_gpu(arguments.gpu_memory_limit)
    names = ("data_dir", "annotation_dir", "experiment_dir", "recursive", "pdf_dpi", "report")
    stated = {name: getattr(arguments, name) for name in names if name in arguments.given}
    evaluate_model(arguments.evaluate, **verbs.judges_of(arguments), **stated)


def run_annotation(arguments: argparse.Namespace) -> None:
    """Annotate --data_dir into --annotation_dir, with pictures to look at."""
    from custom_annotation_format import create_annotation_batch

    create_annotation_batch(arguments.data_dir, arguments.annotation_dir, **verbs.batch_settings(arguments))


VERBS = (
    Verb("evaluate", run_evaluation, {"metavar": "MODEL"}, takes=("report",)),
    Verb("predict", verbs.run_prediction, {"metavar": "PATH"}, takes=flags.SOME_TAKE),
    Verb("synthesize", verbs.run_synthesis, {"metavar": "N", "type": within(int, 1, 10**6)}, takes=flags.EACH_ALONE),
    Verb("annotate_only", run_annotation, takes=flags.OF_MANY),
    Verb("check_data", run_check, takes=flags.OF_MANY),
    Verb("import_annotations", verbs.run_import, formats=IMPORT_FORMATS, takes=flags.EACH_ALONE),
    Verb("export_annotations", verbs.run_export, formats=EXPORT_FORMATS, takes=flags.EACH_ALONE, beside=("predict",)),
    Verb("export_model", verbs.run_model_export, {}, tuple(defaults.MODEL_FORMATS), "OUT", takes=("overwrite",)),
    Verb("resume", run_training, takes=("report",)),
)
"""What the script does instead of training; of two that may stand side by side the first one runs."""


def main(argv: list[str] | None = None) -> int:
    """Run one verb; return the exit code."""
    arguments = parse_arguments(argv, VERBS)
    run = next((verb.run for verb in VERBS if verb.is_chosen(arguments)), run_training)
    setup_logging(arguments.debug)
    try:
        with stopping_at_once():
            run(arguments)
    except Stopped as stop:
        complain(f"{stop}{how_to_go_on(arguments.experiment_dir) if run is run_training else ''}")
        return stop.exit_code
    except Exception as error:
        if arguments.debug:
            raise
        complain(f"error: {in_words(error)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
