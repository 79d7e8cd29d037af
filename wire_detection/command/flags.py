"""The command line: every flag, its meaning and its default."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from wire_detection import defaults
from wire_detection.command.messages import PROGRAM
from wire_detection.runs.run_record import RunError, RunRecord, as_recorded
from wire_detection.runs.versions import format_versions
from wire_detection.sheets.shard import WHOLE, Shard

DESCRIPTION = "Train and score networks that find the wires and junctions of circuit schematics."


@dataclass(frozen=True)
class Verb:
    """Something that the script does, chosen by the flag --NAME.

    run: does it, given the arguments; the first line of its docstring is its help
    options: further keywords of argparse's add_argument; a switch where there are neither these nor formats
    formats: of the first of its two values, FORMAT and `place`
    takes: those of SOME_TAKE that may stand beside it
    beside: the verbs beside which its flag may stand too, as a part of what they do
    """

    name: str
    run: Callable[[argparse.Namespace], None]
    options: Mapping[str, object] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    place: str = "DIR"
    takes: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    def add_to(self, parser: argparse._ActionsContainer) -> None:
        """Add the flag to a parser or to a group of one."""
        first = (self.run.__doc__ or self.name).splitlines()[0].rstrip(".")
        told = f"{first[0].lower()}{first[1:]}" + (f"; FORMAT is {', '.join(self.formats)}" if self.formats else "")
        options = (
            format_and_place(self.formats, self.place) if self.formats else self.options or {"action": "store_true"}
        )
        parser.add_argument(f"--{self.name}", help=told, **options)

    def is_chosen(self, arguments: argparse.Namespace) -> bool:
        """Whether the user stated the flag."""
        return getattr(arguments, self.name) not in (None, False)


OF_MANY = ("skip_existing", "shard", "merge", "cluster")
"""Flags of work on many sheets."""

EACH_ALONE = ("overwrite", "skip_existing", "shard")
"""What verbs take whose results are files of each sheet, without a summary."""

OF_TRAINING = ("overwrite", "report")
"""Those of SOME_TAKE that stand without a verb, too."""

SOME_TAKE = (*OF_TRAINING, *OF_MANY)
"""Flags that only some verbs take; a training takes the first two, too."""

OF_SHEETS = ("stroke_width", "polarity", "crop", "deskew")
"""Flags that tell what would be found out about each sheet."""


class OneLineParser(argparse.ArgumentParser):
    """A parser whose complaints are one line."""

    def error(self, message):
        self.exit(2, f"{self.prog}: error: {message} (--help lists the options)\n")


def within(kind, low, high, *, open_ends: bool = False):
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
    side = within(int, 1, 1_000_000)(text)
    near = [near for near in (side // 32 * 32, -(-side // 32) * 32) if 64 <= near <= 4096]
    if near != [side, side]:
        near = near or [64 if side < 64 else 4096]
        raise argparse.ArgumentTypeError(
            f"{side} is not a multiple of 32 from 64 to 4096; near: {' or '.join(map(str, near))}"
        )
    return side


def _shard(text: str) -> Shard:
    """An argparse type: I/N, part I of N, counted from 0."""
    number, slash, count = text.partition("/")
    if not (slash and number.isdecimal() and count.isdecimal() and int(number) < int(count)):
        raise argparse.ArgumentTypeError(f"{text!r} is no part I/N; those of 3 are 0/3, 1/3 and 2/3")
    return Shard(int(number), int(count))


def _cluster(text: str) -> str:
    """An argparse type: an address with a port, or local:N."""
    count = text.removeprefix("local:")
    if (count != text and not (count.isdecimal() and int(count))) or ":" not in text:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a scheduler's address, HOST:PORT, nor local:N")
    return text


def _devices(text: str) -> int | None:
    """An argparse type: a number of devices, None for the word all."""
    return None if text == "all" else within(int, 1, 1024)(text)


def _batch_size(text: str) -> int | str:
    """An argparse type: a number of windows, or the word auto."""
    return text if text == defaults.AUTO else within(int, 1, 1024)(text)


def _address(text: str) -> str:
    """An argparse type: HOST:PORT."""
    host, _, port = text.rpartition(":")
    if not (host and port.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is no address HOST:PORT")
    return text


def _turn(text: str) -> float:
    """An argparse type: degrees, or 0 for the word none."""
    return 0.0 if text == "none" else within(float, -45, 45)(text)


def build_parser(verbs: Sequence[Verb]) -> argparse.ArgumentParser:
    """All flags, those of the `verbs` first; the help text shows their defaults."""
    parser = OneLineParser(
        prog=PROGRAM, description=DESCRIPTION, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.register("action", None, Given)
    parser.register("action", "store_true", Switch)
    parser.add_argument(
        "--version",
        nargs=0,
        action=ShowVersions,
        help="show the versions of this program and its libraries, and the SHA-256 sums of the shipped weights",
    )
    exclusive = parser.add_mutually_exclusive_group()
    for verb in verbs:
        verb.add_to(parser if verb.beside else exclusive)
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="train into an --experiment_dir that holds a run, whose files are removed; or let --synthesize, "
        "--import_annotations, --export_annotations or --export_model replace files",
    )
    parser.add_argument(
        "--report",
        action="store_true",
        help="write report.html too, to look at what was read, scored or trained: each sheet with its nets",
    )

    paths = parser.add_argument_group("paths")
    paths.add_argument("--data_dir", default=defaults.DATA_DIR, help="folder of schematic images")
    paths.add_argument(
        "--recursive",
        action="store_true",
        help="sheets in folders below count as well, old/amp.png as old__amp",
    )
    paths.add_argument(
        "--pdf_dpi",
        type=within(int, 10, 2400),
        metavar="DPI",
        default=defaults.PDF_DPI,
        help="resolution at which the pages of PDFs are drawn",
    )
    paths.add_argument(
        "--annotation_dir",
        default=defaults.ANNOTATION_DIR,
        help="folder of annotations; made when it does not exist",
    )
    paths.add_argument(
        "--annotator",
        choices=defaults.ANNOTATORS,
        default=defaults.AUTO,
        help="who judges the strokes of sheets without annotation: auto the shipped network, classic rules alone",
    )
    paths.add_argument(
        "--text_filter",
        choices=defaults.TEXT_FILTERS,
        default=defaults.TEXT_FILTER,
        help="ocr: rules leave out what lies in recognised text, and --predict notes what texts say",
    )
    paths.add_argument("--experiment_dir", default=defaults.EXPERIMENT_DIR, help="results")

    paths.add_argument(
        "--model",
        metavar="MODEL",
        default=defaults.PRETRAINED,
        help="the model that --predict uses (.onnx, .h5 or .keras) and --export_model exports",
    )

    sheets = parser.add_argument_group("what --predict and --annotate_only else find out about each sheet")
    sheets.add_argument(
        "--stroke_width", type=within(float, 0.3, 200), metavar="PX", default=None, help="usual width of its strokes"
    )
    sheets.add_argument(
        "--polarity", choices=defaults.POLARITIES, default=defaults.AUTO, help="whether its strokes are dark or light"
    )
    sheets.add_argument(
        "--crop",
        type=within(int, 0, 1_000_000),
        nargs=4,
        metavar=("X0", "Y0", "X1", "Y1"),
        default=None,
        help="the part of the image, in pixels, that holds the drawing",
    )
    sheets.add_argument(
        "--deskew",
        type=_turn,
        metavar="DEG|none",
        default=None,
        help="by how many degrees the sheet is turned clockwise; none leaves it as it is",
    )

    many = parser.add_argument_group("many sheets")
    many.add_argument(
        "--skip_existing",
        action="store_true",
        help="go on: of sheets whose results are there nothing is done again; tables and summaries tell of all",
    )
    many.add_argument(
        "--shard",
        type=_shard,
        metavar="I/N",
        default=WHOLE,
        help="do part I of N of the sheets, counted from 0, and write no summary",
    )
    many.add_argument(
        "--cluster",
        type=_cluster,
        metavar="ADDRESS",
        default=None,
        help="let the workers of a Dask scheduler do it, HOST:PORT, or those of one that is started here, local:N",
    )
    many.add_argument(
        "--merge", action="store_true", help="write the tables and summaries of what all shards have left"
    )

    training = parser.add_argument_group("training")
    training.add_argument(
        "--model_type", choices=defaults.MODEL_TYPES, default=defaults.MODEL_TYPE, help="family of networks"
    )
    training.add_argument(
        "--model_size", choices=tuple(defaults.MODEL_SIZES), default=defaults.MODEL_SIZE, help="number of channels"
    )
    training.add_argument(
        "--init",
        metavar="MODEL.h5",
        default=defaults.PRETRAINED,
        help="the weights that training starts from: pretrained, scratch, or a model file",
    )
    training.add_argument(
        "--batch_size",
        type=_batch_size,
        metavar="N|auto",
        default=defaults.BATCH_SIZE,
        help="windows in one step; auto: a power of two on each device, as many as its memory holds, but no more than "
        "there are sheets",
    )
    training.add_argument(
        "--epochs", type=within(int, 1, 100_000), default=defaults.EPOCHS, help="passes over the sheets at most"
    )
    training.add_argument(
        "--max_minutes",
        type=within(float, 0.1, 100_000),
        metavar="M",
        default=None,
        help="end the training by then with the best so far, the learning rate having fallen; --epochs holds too, and "
        "scoring comes after it",
    )
    training.add_argument(
        "--image_size",
        type=_window_side,
        nargs=2,
        metavar=("H", "W"),
        default=list(defaults.IMAGE_SIZE),
        help="the network's window in pixels, multiples of 32",
    )
    training.add_argument(
        "--learning_rate",
        type=within(float, 0, 1, open_ends=True),
        default=defaults.LEARNING_RATE,
        help="first step size of Adam",
    )
    training.add_argument(
        "--schedule",
        choices=defaults.SCHEDULES,
        default=defaults.SCHEDULE,
        help="halve the learning rate and stop when val_loss rests, or a half cosine over all epochs",
    )
    training.add_argument(
        "--validation_split",
        type=within(float, 0, 1, open_ends=True),
        default=defaults.VALIDATION_SPLIT,
        help="share of the sheets that is held out",
    )
    training.add_argument(
        "--folds",
        type=within(int, 2, 100),
        metavar="K",
        default=None,
        help="train and score K times, each time with another Kth of the sheets held out; tells mean and interval and "
        "leaves each in a folder of its own",
    )
    parser.set_defaults(fold=None)  # of a run that is one of them, which its record holds
    training.add_argument(
        "--drawn_sheets",
        type=within(int, 1, 1_000_000),
        metavar="N",
        default=None,
        help="train on N sheets drawn anew for every epoch; those of --data_dir are all held out",
    )
    training.add_argument(
        "--drawn_share",
        type=within(float, 0, 0.95),
        metavar="S",
        default=None,
        help="share of the training windows that is cut from sheets drawn anew for every epoch; when it is not stated "
        f"{defaults.DRAWN_SHARE}, or 0 from scratch",
    )
    training.add_argument(
        "--degradation",
        type=within(float, 0, 1),
        default=defaults.DEGRADATION,
        help="greatest strength with which --synthesize scans, copies or spoils a part of its sheets",
    )
    training.add_argument(
        "--seed",
        type=within(int, 0, 2**31 - 1),
        default=defaults.SEED,
        help="of the split, windows, weights and drawn sheets",
    )

    training.add_argument(
        "--deterministic",
        action="store_true",
        help="only operations whose result never varies: the same seed gives the same bits, slower",
    )

    machine = parser.add_argument_group("machine")
    machine.add_argument(
        "--workers", type=within(int, 1, 256), default=defaults.WORKERS, help="threads that prepare windows"
    )
    machine.add_argument(
        "--devices",
        type=_devices,
        metavar="N|all",
        default=1,
        help="train on so many devices of this machine, which share each batch (KERAS_BACKEND=jax)",
    )
    machine.add_argument(
        "--coordinator",
        type=_address,
        metavar="HOST:PORT",
        default=None,
        help="train together with other processes, of which the first answers at this address (KERAS_BACKEND=jax)",
    )
    machine.add_argument("--processes", type=within(int, 1, 10_000), metavar="N", default=1, help="how many these are")
    machine.add_argument(
        "--process", type=within(int, 0, 9_999), metavar="I", default=0, help="which of them this is, counted from 0"
    )
    machine.add_argument(
        "--runtime",
        choices=defaults.RUNTIMES,
        default=defaults.AUTO,
        help="what --predict runs the network by: onnx takes the file MODEL.onnx and starts at once, keras takes "
        "MODEL.h5 and uses GPUs; auto takes the file that is given, and of the shipped ones that for onnx",
    )
    machine.add_argument(
        "--gpu_memory_limit",
        type=within(int, 64, 10_000_000),
        metavar="MB",
        default=None,
        help="hard limit for each GPU instead of memory growth",
    )
    machine.add_argument("--debug", action="store_true", help="log more, and show the traceback of an error")
    return parser


def refuse_combinations(parser: argparse.ArgumentParser, arguments: argparse.Namespace, verbs: Sequence[Verb]) -> None:
    """Exit with one line when a flag stands beside a verb that it has nothing to do with."""
    of_sheets = [name for name in OF_SHEETS if name in getattr(arguments, "given", ())]
    if of_sheets and arguments.predict is None and not arguments.annotate_only:
        parser.error(f"argument --{of_sheets[0]}: only --predict and --annotate_only take it")
    if arguments.crop and not (arguments.crop[0] < arguments.crop[2] and arguments.crop[1] < arguments.crop[3]):
        parser.error("argument --crop: X1 and Y1 must be greater than X0 and Y0")
    if arguments.drawn_share is not None and arguments.drawn_sheets is not None:
        parser.error("argument --drawn_share: --drawn_sheets trains on nothing but drawn sheets")
    if arguments.folds is not None and (arguments.resume or arguments.drawn_sheets is not None):
        parser.error("argument --folds: not allowed with argument --resume or --drawn_sheets")
    _refuse_of_processes(parser, arguments)
    for verb in (verb for verb in verbs if verb.is_chosen(arguments)):
        for other in verbs:
            if other.beside and other.is_chosen(arguments) and verb.name not in (other.name, *other.beside):
                parser.error(f"argument --{other.name}: not allowed with argument --{verb.name}")
    _refuse_of_some(parser, arguments, verbs)


def _refuse_of_processes(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Exit with one line when flags of a training on several processes are incomplete or stand beside others."""
    if (arguments.coordinator is None) != (arguments.processes == 1):
        parser.error("arguments --coordinator and --processes: a training on several processes needs both")
    if arguments.process >= arguments.processes:
        parser.error(f"argument --process: {arguments.process} is not below --processes {arguments.processes}")
    alone = [name for name in ("folds", "max_minutes") if getattr(arguments, name) is not None]
    if arguments.coordinator is not None and alone:
        parser.error(f"argument --{alone[0]}: not allowed with argument --coordinator")
    if arguments.coordinator is not None and arguments.batch_size == defaults.AUTO:
        parser.error("argument --batch_size: the processes of --coordinator need the same number, not each its own")


def _refuse_of_some(parser: argparse.ArgumentParser, arguments: argparse.Namespace, verbs: Sequence[Verb]) -> None:
    """Exit with one line when one of SOME_TAKE is stated that the verb does not take, or two that contradict."""
    stated = [name for name in SOME_TAKE if name in getattr(arguments, "given", ())]
    verb = next((verb for verb in verbs if verb.is_chosen(arguments)), None)
    for name in stated:
        if verb is not None and name not in verb.takes:
            parser.error(f"argument --{name}: not allowed with argument --{verb.name}")
        if verb is None and name not in OF_TRAINING:
            taking = ", ".join(f"--{verb.name}" for verb in verbs if name in verb.takes)
            parser.error(f"argument --{name}: only {taking} take it")
    for one, other in (("merge", "shard"), ("merge", "skip_existing"), ("overwrite", "skip_existing")):
        if one in stated and other in stated:
            parser.error(f"argument --{other}: not allowed with argument --{one}")


class ShowVersions(argparse.Action):
    """Print what is installed, and exit."""

    def __call__(self, parser, namespace, values, option_string=None):
        print(format_versions())
        parser.exit()


class Given(argparse.Action):
    """Store a value and remember in `namespace.given` that the user stated it."""

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, values)
        namespace.given = {*getattr(namespace, "given", ()), self.dest}


class Switch(Given):
    """Store that a flag without a value was stated, as "store_true" of argparse does; remember it as `Given` does."""

    def __init__(self, option_strings, dest, **options):
        super().__init__(option_strings, dest, nargs=0, default=False, **options)

    def __call__(self, parser, namespace, values, option_string=None):
        super().__call__(parser, namespace, True, option_string)


def format_and_place(formats: tuple[str, ...], place: str) -> dict[str, object]:
    """Options of a flag with two values, a path, called `place`, after one of `formats`."""

    class FormatAndPlace(Given):
        def __call__(self, parser, namespace, values, option_string=None):
            if values[0] not in formats:
                parser.error(f"argument {option_string}: {values[0]!r} is no format; choose from {', '.join(formats)}")
            super().__call__(parser, namespace, tuple(values), option_string)

    return {"nargs": 2, "metavar": ("FORMAT", place), "action": FormatAndPlace}


def parse_arguments(argv: list[str] | None, verbs: Sequence[Verb]) -> argparse.Namespace:
    """The checked command line; `given` names the values that the user stated."""
    parser = build_parser(verbs)
    arguments = parser.parse_args(argv)
    refuse_combinations(parser, arguments, verbs)
    arguments.given = getattr(arguments, "given", set())
    arguments.image_size = tuple(arguments.image_size)
    if arguments.cluster is not None:
        _make_absolute(arguments)
    return arguments


def _make_absolute(arguments: argparse.Namespace) -> None:
    """State places from the root on: workers of a cluster have working directories of their own."""
    for name in ("data_dir", "annotation_dir", "experiment_dir", "predict"):
        if getattr(arguments, name) is not None:
            setattr(arguments, name, os.path.abspath(getattr(arguments, name)))
    if arguments.export_annotations is not None:
        format_name, folder = arguments.export_annotations
        arguments.export_annotations = format_name, os.path.abspath(folder)


MAY_CHANGE = ("epochs", "max_minutes", "workers", "gpu_memory_limit", "experiment_dir")
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
            raise RunError(
                f"--{name} {_words(stated)} contradicts the run in {arguments.experiment_dir}, which has "
                f"{_words(value)}; leave it out to go on, or train anew with --overwrite"
            )
    return merged


def _words(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
