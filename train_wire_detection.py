#!/usr/bin/env python3
"""Train and score networks that find the wires and junctions of circuit schematics.

    python train_wire_detection.py --data_dir data/schematics_dataset --annotation_dir data/annotations
    python train_wire_detection.py --evaluate experiments/models/unet_best.h5
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import math
import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

from wire_detection.command.flags import (
    DEFAULT_ANNOTATION_DIR,
    DEFAULT_DATA_DIR,
    DEFAULT_EXPERIMENT_DIR,
    PRETRAINED,
    SCRATCH,
    arguments_of_run,
    parse_arguments,
)
from wire_detection.paths import WEIGHTS
from wire_detection.pictures.history_plot import plot_training_history
from wire_detection.runs.run_folder import refuse_results, remove_results
from wire_detection.runs.run_record import RunError, RunRecord
from wire_detection.runs.stop_signal import StopAfterStep, Stopped, stopping_at_once
from wire_detection.sheets.image_files import list_images
from wire_detection.sheets.safe_files import remove_unfinished, replacing, write_json
from wire_detection.training.failure import failures_explained
from wire_detection.training.memory import log_memory_usage

__all__ = ["create_callbacks", "evaluate_model", "log_memory_usage", "main", "plot_training_history", "setup_gpu",
           "train_model"]

log = logging.getLogger("train_wire_detection")


# --- set-up --------------------------------------------------------------------------------------------------------


def setup_logging(debug: bool) -> None:
    """Messages of this program to stderr, past any progress bar that is being drawn."""
    from tqdm import tqdm

    class BarHandler(logging.Handler):
        def emit(self, record):
            tqdm.write(self.format(record), file=sys.stderr)

    handler = BarHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("absl").setLevel(logging.ERROR)  # Keras calls .h5, the format asked for, a legacy one
    for name in OUR_LOGGERS:
        logging.getLogger(name).setLevel(logging.DEBUG if debug else logging.INFO)


OUR_LOGGERS = ("train_wire_detection", "enhanced_data_pipeline", "custom_annotation_format", "wire_detection")


@contextlib.contextmanager
def _quiet_native_code():
    """Hide what TensorFlow's native libraries print to stderr while they load: nothing in it is for the user."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def setup_gpu(gpu_memory_limit: int | None = None) -> str:
    """Prepare all GPUs: memory growth, or a hard limit in MB; mixed precision where they have it.

    Returns:
        what the program runs on, in a few words; it is logged as well.
    """
    with _quiet_native_code():
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        if gpu_memory_limit is None:
            tf.config.experimental.set_memory_growth(gpu, True)
        else:  # never both: a limit silently drops the growth
            limit = tf.config.LogicalDeviceConfiguration(memory_limit=gpu_memory_limit)
            tf.config.set_logical_device_configuration(gpu, [limit])
    mixed = bool(gpus) and all(_has_half_precision(gpu) for gpu in gpus)
    tf.keras.mixed_precision.set_global_policy("mixed_float16" if mixed else "float32")
    place = f"{len(gpus)} GPU{'s' * (len(gpus) > 1)}{', mixed precision' * mixed}" if gpus else "CPU"
    log.info("running on %s", place)
    return place


def _has_half_precision(gpu) -> bool:
    """Whether the GPU has tensor cores, compute capability 7.0 or later."""
    import tensorflow as tf

    return tf.config.experimental.get_device_details(gpu).get("compute_capability", (0, 0)) >= (7, 0)


def ensure_annotations(data_dir: str | Path, annotation_dir: str | Path, text_filter: str = "none") -> None:
    """Annotate `data_dir` by classic detection when `annotation_dir` does not exist or was begun and stopped.

    text_filter: "none", or "ocr" to leave out what lies in recognised text.
    """
    from custom_annotation_format import annotations_finished, create_annotation_batch

    if not annotations_finished(annotation_dir):
        log.info("%s is %s: annotating %s by classic detection", annotation_dir,
                 "not finished" if Path(annotation_dir).exists() else "not there", data_dir)
        create_annotation_batch(data_dir, annotation_dir, text_filter=text_filter)


# --- training ------------------------------------------------------------------------------------------------------


def create_callbacks(experiment_dir: str | Path, model_type: str, val_gen, epochs: int,
                     schedule: str = "plateau", learning_rate: float = 1e-4, saved=None) -> list:
    """What runs beside the training: checkpoint, TensorBoard, history files, early stopping, learning rate, state.

    Args:
        experiment_dir: where all of them write.
        model_type: prefix of the files.
        val_gen: sequence of validation windows, shown in TensorBoard.
        epochs: how many epochs the training has at most.
        schedule: one of command_line.SCHEDULES, of the learning rate.
        learning_rate: with which the training begins.
        saved: the `SavedState` to go on from, if any.
    """
    import keras

    from wire_detection.training.callbacks import BestModel, EpochReport, HistoryFiles, MemoryCare, WindowPictures
    from wire_detection.training.state import FILE_NAME, AveragedWeights, TrainingState

    folder = Path(experiment_dir)
    callbacks = [
        AveragedWeights(),  # first: all that follow see the averaged weights
        EpochReport(epochs),
        HistoryFiles(folder, model_type),
        BestModel(folder / "models" / f"{model_type}_best.h5"),
        keras.callbacks.TensorBoard(folder / "tensorboard", histogram_freq=1, write_graph=True),
        WindowPictures(val_gen, folder / "tensorboard" / "windows"),
        *_schedule(schedule, epochs, learning_rate),
        MemoryCare(),
    ]
    return [*callbacks, TrainingState(folder / FILE_NAME, callbacks, saved)]


def _schedule(schedule: str, epochs: int, learning_rate: float) -> list:
    """What moves the learning rate, and what ends the training early.

    A half cosine (Loshchilov and Hutter, SGDR, ICLR 2017) gains most in its last epochs: it is never cut short.
    """
    import keras

    if schedule == "cosine":
        def rate(epoch: int, current: float) -> float:
            return learning_rate * max(0.01, 0.5 * (1 + math.cos(math.pi * epoch / epochs)))

        return [keras.callbacks.LearningRateScheduler(rate)]
    return [keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=5, min_lr=1e-7),
            keras.callbacks.EarlyStopping(monitor="val_loss", patience=10, restore_best_weights=True)]


def train_model(*, model_type: str = "unet", model_size: str = "small", data_dir: str | Path = DEFAULT_DATA_DIR,
                annotation_dir: str | Path = DEFAULT_ANNOTATION_DIR,
                experiment_dir: str | Path = DEFAULT_EXPERIMENT_DIR, init: str | Path = PRETRAINED,
                batch_size: int = 4, epochs: int = 100, image_size: tuple[int, int] = (512, 512),
                learning_rate: float = 1e-4, schedule: str = "plateau", validation_split: float = 0.2,
                drawn_sheets: int | None = None, seed: int = 0, deterministic: bool = False, workers: int = 2,
                resume: bool = False):
    """Train a network on a folder of sheets; everything that it leaves lies in `experiment_dir`.

    With `resume` it goes on after the last epoch that the run in `experiment_dir` finished, or begins with the first.

    Returns:
        (model with the weights of its best epoch, or of its last one when `schedule` is "cosine"; history: a dictionary
        of one value an epoch for each key).

    Raises:
        Stopped: after a signal; what was finished stays and can be resumed.
    """
    arguments = {name: value for name, value in locals().items() if name != "resume"}
    folder = Path(experiment_dir)
    record = RunRecord.to_resume(folder) if resume else RunRecord(folder, arguments=arguments, seed=seed)
    record.arguments = RunRecord(None, arguments=arguments).arguments
    with record.ending(), failures_explained(folder=folder, batch_size=batch_size, image_size=image_size):
        import keras

        from enhanced_models import compile_model
        from wire_detection.networks.model_files import save_model
        from wire_detection.training.state import FILE_NAME, load_state

        saved = load_state(folder / FILE_NAME) if resume else None
        keras.utils.set_random_seed(seed)
        if deterministic:
            enable_determinism()
        train_gen, val_gen = _create_generators(record, data_dir, annotation_dir, batch_size, image_size,
                                                validation_split, drawn_sheets, seed, workers)
        model = compile_model(_initial_model(SCRATCH if saved else init, model_type, model_size), learning_rate)
        write_json(folder / f"{model_type}_architecture.json", _architecture(model))
        log.info("training %s (%s, %d weights) on %d sheets, %d windows of %dx%d an epoch; %d sheets held out",
                 model_type, model_size, model.count_params(), len(train_gen.sheets), train_gen.num_windows,
                 *image_size, len(val_gen.sheets))
        callbacks = create_callbacks(folder, model_type, val_gen, epochs, schedule, learning_rate, saved)
        history = fit_model(model, train_gen, val_gen, callbacks, epochs, folder, saved)
        save_model(model, folder / "models" / f"{model_type}_final.h5")
        early = len(history["loss"]) < epochs
        record.exit_reason = "early stop" if early else "finished"
    return model, history


def enable_determinism() -> None:
    """From now on let this process use only TensorFlow operations that give the same bits each time."""
    import tensorflow as tf

    tf.config.experimental.enable_op_determinism()


def fit_model(model, train_gen, val_gen, callbacks: list, epochs: int, folder: Path, saved) -> dict[str, list[float]]:
    """Train `model` for the epochs that `saved`, a SavedState or None, leaves to do; return the whole history.

    Raises:
        TrainingError: when a loss is not finite; the message names `folder`, where what was saved is kept.
        Stopped: after a signal.
    """
    from wire_detection.training.callbacks import FiniteLoss, HistoryFiles, StopBetweenSteps

    done = 0 if saved is None else saved.epochs_done
    if done > epochs:
        raise RunError(f"--epochs {epochs}: the run has finished {done} already")
    if done:
        log.info("going on after epoch %d", done)
    train_gen.start_epoch(done)
    until = done if saved is not None and saved.stopped else epochs
    with StopAfterStep() as stop:
        model.fit(train_gen, validation_data=val_gen, epochs=until, initial_epoch=done, verbose=0,
                  shuffle=False,  # the windows are shuffled by the seed; Keras would draw from a state nobody saves
                  callbacks=[StopBetweenSteps(stop), FiniteLoss(train_gen, folder), *callbacks])
    return next(c.history for c in callbacks if isinstance(c, HistoryFiles))


def _initial_model(init: str | Path, model_type: str, model_size: str):
    """A new network with the weights that `init` names: PRETRAINED, SCRATCH or a model file.

    Raises:
        ModelFileError: when the file cannot be used or holds a network of another type or size.
    """
    from enhanced_models import create_model
    from wire_detection.networks.model_files import copy_weights

    model = create_model(model_type, (None, None, 3), model_size)
    if init == PRETRAINED and not model_path(init, model_type, model_size).is_file():
        log.info("there are no pretrained weights for a %s %s: starting from scratch", model_size, model_type)
    elif init != SCRATCH:
        copy_weights(model_path(init, model_type, model_size), model)
    return model


def _create_generators(record: RunRecord, data_dir, annotation_dir, batch_size, image_size, validation_split,
                       drawn_sheets, seed, workers):
    """(training windows, validation windows) of files or of drawn sheets; the record gets their split."""
    if drawn_sheets is None:
        from enhanced_data_pipeline import create_data_generators

        train_gen, val_gen, dataset = create_data_generators(data_dir, annotation_dir, batch_size, image_size,
                                                             validation_split, seed=seed, workers=workers)
        trained_on = [dataset.names[i] for i in train_gen.sheets]
    else:
        from wire_detection.windows.sequences import create_drawn_generators

        train_gen, val_gen, dataset = create_drawn_generators(data_dir, annotation_dir, batch_size, image_size,
                                                              drawn_sheets=drawn_sheets, seed=seed, workers=workers)
        trained_on = []
    record.set_split({"train": trained_on, "validation": [dataset.names[i] for i in val_gen.sheets]})
    return train_gen, val_gen


def _architecture(model) -> dict:
    import json

    return json.loads(model.to_json())


# --- evaluation ----------------------------------------------------------------------------------------------------


def evaluate_model(model_path: str | Path, *, data_dir: str | Path | None = None,
                   annotation_dir: str | Path | None = None, experiment_dir: str | Path | None = None,
                   text_filter: str = "none") -> dict:
    """Score a saved model on whole sheets; print the table, write evaluation.json and pictures of best and worst.

    A path that is None is taken from the record of the run that made the model, where there is one. On that run's own
    folder of sheets the held-out ones are scored, into its folder; of any other folder all are, into a folder of their
    own. Annotations that do not exist are made by classic detection, with `text_filter`.

    Returns:
        what evaluation.json holds.
    """
    from wire_detection.networks.model_files import load_model
    from wire_detection.scoring.evaluate import evaluate_sheets

    model = load_model(model_path)
    run = RunRecord.beside_model(model_path)
    own_data_dir = run.arguments.get("data_dir")
    own = run.split is not None and (data_dir is None or _same_folder(data_dir, own_data_dir))
    data_dir = data_dir or own_data_dir or DEFAULT_DATA_DIR
    annotation_dir = annotation_dir or (own and run.arguments.get("annotation_dir")) or DEFAULT_ANNOTATION_DIR
    folder = Path(run.folder or DEFAULT_EXPERIMENT_DIR)
    output_dir = experiment_dir or (folder if own else folder / f"evaluation_{Path(data_dir).resolve().name}")
    ensure_annotations(data_dir, annotation_dir, text_filter)
    result = evaluate_sheets(model, data_dir=data_dir, annotation_dir=annotation_dir,
                             names=run.split["validation"] if own else None,
                             image_size=tuple(run.arguments.get("image_size", (512, 512))), output_dir=output_dir)
    log.info("evaluation.json, its table and pictures are in %s", output_dir)
    return result


def _same_folder(one: str | Path, other: str | Path | None) -> bool:
    return other is not None and Path(one).resolve() == Path(other).resolve()


# --- main ----------------------------------------------------------------------------------------------------------


def check_writable(folder: str | Path) -> None:
    """Make `folder` if need be, and raise OSError now rather than after hours when nothing can be written there."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / "write_test") as temporary:
        temporary.touch()
    (folder / "write_test").unlink()


def prepare_folder(folder: str | Path, *, may_hold_run: bool) -> None:
    """Make `folder` ready for a run; one that it holds is refused unless `may_hold_run`."""
    check_writable(folder)
    remove_unfinished(folder)
    if not may_hold_run:
        refuse_results(folder)


def check_dataset(arguments: argparse.Namespace) -> list:
    """The `SheetCheck` of every sheet, each with its side of the split."""
    from wire_detection.windows.data_check import assign_sides, check_sheets

    with _quiet_native_code():
        from enhanced_data_pipeline import split_sheets

    checks = check_sheets(arguments.data_dir, arguments.annotation_dir)
    usable = [check.name for check in checks if check.usable]
    if arguments.drawn_sheets is not None:
        return assign_sides(checks, usable)
    if len(usable) < 2:
        return checks
    _, held_out = split_sheets(usable, arguments.validation_split, arguments.seed)
    return assign_sides(checks, [usable[i] for i in held_out])


def run_check(arguments: argparse.Namespace) -> None:
    """The verb --check_data."""
    from wire_detection.windows.data_check import format_checks, refuse_unusable, write_checks

    list_images(arguments.data_dir)
    check_writable(arguments.experiment_dir)
    ensure_annotations(arguments.data_dir, arguments.annotation_dir, arguments.text_filter)
    checks = check_dataset(arguments)
    print(format_checks(checks))
    for path in write_checks(checks, arguments.data_dir, arguments.annotation_dir, arguments.experiment_dir):
        print(f"  {path}")
    refuse_unusable(checks, arguments.data_dir)


def run_training(arguments: argparse.Namespace) -> None:
    """The verb without a flag: annotate if need be, train, score the best model on the held-out sheets."""
    from wire_detection.windows.data_check import refuse_unusable, warn_of

    if arguments.resume:
        arguments = arguments_of_run(arguments)
    list_images(arguments.data_dir)  # a wrong folder is told before TensorFlow's seconds of loading
    prepare_folder(arguments.experiment_dir, may_hold_run=arguments.resume or arguments.overwrite)
    setup_gpu(arguments.gpu_memory_limit)
    ensure_annotations(arguments.data_dir, arguments.annotation_dir, arguments.text_filter)
    checks = check_dataset(arguments)
    warn_of(checks)
    refuse_unusable(checks, arguments.data_dir, least=2 if arguments.drawn_sheets is None else 1)
    if arguments.overwrite:  # not before: sheets that cannot be trained on cost no earlier run
        remove_results(arguments.experiment_dir)
    train_model(**{name: getattr(arguments, name) for name in (
        "model_type", "model_size", "data_dir", "annotation_dir", "experiment_dir", "init", "batch_size", "epochs",
        "image_size", "learning_rate", "schedule", "validation_split", "drawn_sheets", "seed", "deterministic",
        "workers", "resume")})
    best = Path(arguments.experiment_dir) / "models" / f"{arguments.model_type}_best.h5"
    evaluate_model(best)
    print_next_steps(Path(arguments.experiment_dir), best)


def run_evaluation(arguments: argparse.Namespace) -> None:
    """The verb --evaluate."""
    setup_gpu(arguments.gpu_memory_limit)
    evaluate_model(arguments.evaluate, text_filter=arguments.text_filter,
                   **{name: getattr(arguments, name) if name in arguments.given else None
                      for name in ("data_dir", "annotation_dir", "experiment_dir")})


def run_prediction(arguments: argparse.Namespace) -> None:
    """The verb --predict, alone or with --export_annotations."""
    from wire_detection.formats.convert_folder import AnnotationExport
    from wire_detection.sheets.image_files import find_images

    find_images(arguments.predict)  # a wrong path is told before TensorFlow's seconds of loading
    output_dir = Path(arguments.experiment_dir) / "predictions"
    check_writable(output_dir)
    export = None
    if arguments.export_annotations is not None:
        export = AnnotationExport(*arguments.export_annotations, overwrite=arguments.overwrite)
    setup_gpu(arguments.gpu_memory_limit)
    from wire_detection.networks.model_files import load_model
    from wire_detection.reading.read_files import predict_files

    model = load_model(model_path(arguments.model, arguments.model_type, arguments.model_size))
    predict_files(model, arguments.predict, output_dir, export)


def model_path(name: str | Path, model_type: str, model_size: str) -> Path:
    """The model file that `name` stands for: itself, or the pretrained one of this type and size."""
    if name != PRETRAINED:
        return Path(name)
    return WEIGHTS / f"{model_type}_{model_size}.h5"


def run_synthesis(arguments: argparse.Namespace) -> None:
    """The verb --synthesize."""
    from wire_detection.drawing.draw_sheet import synthesize

    synthesize(arguments.synthesize, arguments.data_dir, arguments.annotation_dir, arguments.seed,
               arguments.degradation, overwrite=arguments.overwrite)
    log.info("drew %d sheets into %s, annotations into %s", arguments.synthesize, arguments.data_dir,
             arguments.annotation_dir)


def run_annotation(arguments: argparse.Namespace) -> None:
    """The verb --annotate_only."""
    from custom_annotation_format import create_annotation_batch

    create_annotation_batch(arguments.data_dir, arguments.annotation_dir,
                            text_filter=arguments.text_filter,
                            overlay_dir=Path(arguments.annotation_dir) / "overlays")


def run_export(arguments: argparse.Namespace) -> None:
    """The verb --export_annotations."""
    from wire_detection.formats.convert_folder import export_annotations

    export_annotations(*arguments.export_annotations, data_dir=arguments.data_dir,
                       annotation_dir=arguments.annotation_dir, overwrite=arguments.overwrite)


def run_import(arguments: argparse.Namespace) -> None:
    """The verb --import_annotations."""
    from wire_detection.formats.convert_folder import import_annotations

    import_annotations(*arguments.import_annotations, data_dir=arguments.data_dir,
                       annotation_dir=arguments.annotation_dir, overwrite=arguments.overwrite)


def print_next_steps(folder: Path, best: Path) -> None:
    """Where everything lies, and what to type next."""
    print("\nResults")
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and "tensorboard" not in p.parts):
        print(f"  {path}")
    print(f"  {folder / 'tensorboard'}{os.sep}")
    model, experiment = shlex.quote(str(best)), shlex.quote(str(folder))
    print("\nNext")
    print(f"  {script_command()} --evaluate {model}")
    print(f"  {script_command()} --predict IMAGE_OR_FOLDER --model {model} --experiment_dir {experiment}")
    print(f"  {_as_typed(Path(sys.executable).with_name('tensorboard'))} --logdir "
          f"{shlex.quote(str(folder / 'tensorboard'))}")


def script_command() -> str:
    """What starts this script again, with the same Python, from the working directory."""
    return f"{_as_typed(Path(sys.executable))} {_as_typed(Path(__file__).resolve())}"


def _as_typed(path: Path) -> str:
    """The path for a shell, relative where it lies below the working directory."""
    return shlex.quote(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))


def choose_verb(arguments: argparse.Namespace) -> Callable[[argparse.Namespace], None]:
    """The function of the verb that the user chose."""
    if arguments.evaluate is not None:
        return run_evaluation
    if arguments.predict is not None:
        return run_prediction
    if arguments.synthesize is not None:
        return run_synthesis
    if arguments.check_data:
        return run_check
    if arguments.import_annotations is not None:
        return run_import
    if arguments.export_annotations is not None:
        return run_export
    return run_annotation if arguments.annotate_only else run_training


def main(argv: list[str] | None = None) -> int:
    """Run one verb; return the exit code."""
    arguments = parse_arguments(argv)
    setup_logging(arguments.debug)
    try:
        with stopping_at_once():
            choose_verb(arguments)(arguments)
    except Stopped as stop:
        _complain(f"{stop}{_how_to_resume(arguments)}")
        return stop.exit_code
    except Exception as error:
        if arguments.debug:
            raise
        _complain(f"error: {_in_words(error)}")
        return 1
    return 0


def _in_words(error: Exception) -> str:
    """What went wrong, where, and where it is not in the message already, what to do."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror.lower()}; check this path, its permissions and its disk"
    expected = isinstance(error, ValueError | OSError | RuntimeError)
    return ("" if expected else f"{type(error).__name__}: ") + " ".join(str(error).split())


def _complain(text: str) -> None:
    """One line on stderr, past a progress bar that is left over."""
    from tqdm import tqdm

    tqdm.write(f"train_wire_detection.py: {text}", file=sys.stderr)


def _how_to_resume(arguments: argparse.Namespace) -> str:
    if choose_verb(arguments) is not run_training or not (Path(arguments.experiment_dir) / "run.json").exists():
        return ""
    return f"; go on with: {script_command()} --resume --experiment_dir {shlex.quote(str(arguments.experiment_dir))}"


if __name__ == "__main__":
    sys.exit(main())
