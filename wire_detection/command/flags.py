"""The command line: every flag, its meaning and its default."""

from __future__ import annotations

import argparse

from custom_annotation_format import TEXT_FILTERS
from wire_detection.formats.convert_folder import EXPORT_FORMATS, IMPORT_FORMATS
from wire_detection.runs.run_record import RunError, RunRecord, as_recorded

DESCRIPTION = "Train and score networks that find the wires and junctions of circuit schematics."

MODEL_TYPES = ("unet", "resnet", "attention")
MODEL_SIZES = ("small", "medium", "large")
SCHEDULES = ("plateau", "cosine")
DEFAULT_DATA_DIR = "data/schematics_dataset"
DEFAULT_ANNOTATION_DIR = "annotations"
DEFAULT_EXPERIMENT_DIR = "experiments"
PRETRAINED, SCRATCH = "pretrained", "scratch"


class OneLineParser(argparse.ArgumentParser):
    """A parser whose complaints are one line."""

    def error(self, message):
        self.exit(2, f"{self.prog}: error: {message} (--help lists the options)\n")


def _within(kind, low, high, *, open_ends: bool = False):
    """An argparse type: a `kind` from low to high, both included unless `open_ends`."""
    def parse(text: str):
        try:
            value = kind(text)
        except ValueError:
            words = "whole number" if kind is int else "number"
            raise argparse.ArgumentTypeError(f"{text!r} is not a {words}") from None
        if not (low < value < high if open_ends else low <= value <= high):
            bounds = f"above {low} and below {high}" if open_ends else f"in {low}..{high}"
            raise argparse.ArgumentTypeError(f"{text} is out of range; it must lie {bounds}")
        return value
    return parse


def _window_side(text: str) -> int:
    """An argparse type: a multiple of 32 from 64 to 4096."""
    side = _within(int, 1, 1_000_000)(text)
    near = [near for near in (side // 32 * 32, -(-side // 32) * 32) if 64 <= near <= 4096]
    if near != [side, side]:
        near = near or [64 if side < 64 else 4096]
        raise argparse.ArgumentTypeError(f"{side} is not a multiple of 32 from 64 to 4096; near: "
                                         f"{' or '.join(map(str, near))}")
    return side


def build_parser() -> argparse.ArgumentParser:
    """All flags; the help text shows their defaults."""
    parser = OneLineParser(prog="train_wire_detection.py", description=DESCRIPTION,
                           formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.register("action", None, Given)
    verb = parser.add_mutually_exclusive_group()
    verb.add_argument("--evaluate", metavar="MODEL.h5", default=None, help="score a saved model instead of training")
    verb.add_argument("--predict", metavar="PATH", default=None,
                      help="read the wires, junctions and nets of an image, a folder or a glob pattern")
    verb.add_argument("--synthesize", metavar="N", type=_within(int, 1, 1_000_000), default=None,
                      help="draw N sheets into --data_dir and their exact annotations into --annotation_dir")
    verb.add_argument("--annotate_only", action="store_true",
                      help="annotate --data_dir into --annotation_dir by classic detection, with pictures to look at")
    verb.add_argument("--import_annotations", nargs=2, metavar=("FORMAT", "DIR"), default=None,
                      action=format_and_folder(IMPORT_FORMATS),
                      help="read annotations of the sheets of --data_dir from DIR into --annotation_dir; FORMAT is "
                      f"{', '.join(IMPORT_FORMATS)}")
    verb.add_argument("--check_data", action="store_true",
                      help="look at every sheet and annotation, write what is suspicious into --experiment_dir, stop")
    verb.add_argument("--resume", action="store_true",
                      help="go on with the run in --experiment_dir after its last finished epoch, with its arguments")
    parser.add_argument("--overwrite", action="store_true",
                        help="train into an --experiment_dir that holds a run, whose files are removed; or let "
                        "--synthesize, --import_annotations or --export_annotations replace files")
    parser.add_argument("--export_annotations", nargs=2, metavar=("FORMAT", "DIR"), default=None,
                        action=format_and_folder(EXPORT_FORMATS),
                        help="write the annotations of --annotation_dir, or what --predict finds, into DIR; FORMAT is "
                        f"{', '.join(EXPORT_FORMATS)}")

    paths = parser.add_argument_group("paths")
    paths.add_argument("--data_dir", default=DEFAULT_DATA_DIR, help="folder of schematic images")
    paths.add_argument("--annotation_dir", default=DEFAULT_ANNOTATION_DIR,
                       help="folder of annotations; made by classic detection when it does not exist")
    paths.add_argument("--text_filter", choices=TEXT_FILTERS, default="none",
                       help="ocr: automatic annotation leaves out what lies in recognised text")
    paths.add_argument("--experiment_dir", default=DEFAULT_EXPERIMENT_DIR, help="results")

    paths.add_argument("--model", metavar="MODEL.h5", default=PRETRAINED, help="the model that --predict uses")

    training = parser.add_argument_group("training")
    training.add_argument("--model_type", choices=MODEL_TYPES, default="unet", help="family of networks")
    training.add_argument("--model_size", choices=MODEL_SIZES, default="small", help="number of channels")
    training.add_argument("--init", metavar="MODEL.h5", default=PRETRAINED,
                          help="the weights that training starts from: pretrained, scratch, or a model file")
    training.add_argument("--batch_size", type=_within(int, 1, 1024), default=4, help="windows in one step")
    training.add_argument("--epochs", type=_within(int, 1, 100_000), default=100, help="passes over the sheets at most")
    training.add_argument("--image_size", type=_window_side, nargs=2, metavar=("H", "W"), default=[512, 512],
                          help="the network's window in pixels, multiples of 32")
    training.add_argument("--learning_rate", type=_within(float, 0, 1, open_ends=True), default=1e-4,
                          help="first step size of Adam")
    training.add_argument("--schedule", choices=SCHEDULES, default="plateau",
                          help="halve the learning rate and stop when val_loss rests, or a half cosine over all epochs")
    training.add_argument("--validation_split", type=_within(float, 0, 1, open_ends=True), default=0.2,
                          help="share of the sheets that is held out")
    training.add_argument("--drawn_sheets", type=_within(int, 1, 1_000_000), metavar="N", default=None,
                          help="train on N sheets drawn anew for every epoch; those of --data_dir are all held out")
    training.add_argument("--degradation", type=_within(float, 0, 1), default=0.6,
                          help="greatest strength with which --synthesize scans, copies or spoils a part of its sheets")
    training.add_argument("--seed", type=_within(int, 0, 2**31 - 1), default=0,
                          help="of the split, windows, weights and drawn sheets")

    training.add_argument("--deterministic", action="store_true",
                          help="only operations whose result never varies: the same seed gives the same bits, slower")

    machine = parser.add_argument_group("machine")
    machine.add_argument("--workers", type=_within(int, 1, 256), default=2, help="threads that prepare windows")
    machine.add_argument("--gpu_memory_limit", type=_within(int, 64, 10_000_000), metavar="MB", default=None,
                         help="hard limit for each GPU instead of memory growth")
    machine.add_argument("--debug", action="store_true", help="log more, and show the traceback of an error")
    return parser


VERBS = ("evaluate", "predict", "synthesize", "annotate_only", "import_annotations", "check_data", "resume")

COMPANIONS = {"export_annotations": ("predict",), "overwrite": ("import_annotations", "predict", "synthesize")}
"""Flags that stand alone or beside some of VERBS -> which."""


def refuse_combinations(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Exit with one line when a flag of COMPANIONS stands beside a verb that it has nothing to do with."""
    chosen = [verb for verb in VERBS if getattr(arguments, verb) not in (None, False)]
    for flag, companions in COMPANIONS.items():
        for verb in chosen:
            if getattr(arguments, flag) and verb not in companions:
                parser.error(f"argument --{flag}: not allowed with argument --{verb}")


class Given(argparse.Action):
    """Store a value and remember in `namespace.given` that the user stated it."""

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, values)
        namespace.given = {*getattr(namespace, "given", ()), self.dest}


def format_and_folder(formats: tuple[str, ...]) -> type[Given]:
    """The action of a flag with two values, the first of which is one of `formats`."""
    class FormatAndFolder(Given):
        def __call__(self, parser, namespace, values, option_string=None):
            if values[0] not in formats:
                parser.error(f"argument {option_string}: {values[0]!r} is no format; choose from {', '.join(formats)}")
            super().__call__(parser, namespace, tuple(values), option_string)

    return FormatAndFolder


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """The checked command line; `given` names the values that the user stated."""
    parser = build_parser()
    arguments = parser.parse_args(argv)
    refuse_combinations(parser, arguments)
    arguments.given = getattr(arguments, "given", set())
    arguments.image_size = tuple(arguments.image_size)
    return arguments


MAY_CHANGE = ("epochs", "workers", "gpu_memory_limit", "experiment_dir")
"""What a run may be resumed with, other than it began with."""


def arguments_of_run(arguments: argparse.Namespace) -> argparse.Namespace:
    """`arguments` of --resume, with the run's own wherever the user stated none.

    Raises:
        RunError: when the run is not there, or the user stated something that contradicts it.
    """
    recorded = RunRecord.to_resume(arguments.experiment_dir).arguments
    merged = argparse.Namespace(**vars(arguments))
    for name, value in recorded.items():
        value = tuple(value) if isinstance(value, list) else value
        stated = getattr(arguments, name, None)
        stated = tuple(stated) if isinstance(stated, list) else stated
        if name not in arguments.given:
            setattr(merged, name, arguments.experiment_dir if name == "experiment_dir" else value)
        elif as_recorded(name, stated) != value and name not in MAY_CHANGE:
            raise RunError(f"--{name} {_words(stated)} contradicts the run in {arguments.experiment_dir}, which has "
                           f"{_words(value)}; leave it out to go on, or train anew with --overwrite")
    return merged


def _words(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
