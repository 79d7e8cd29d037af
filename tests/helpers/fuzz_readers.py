"""Feed one reader of files with damaged and hostile ones.

    python -m tests.helpers.fuzz_readers READER COUNT SEED FOLDER

Files that a coverage-guided fuzzer has grown come first, then COUNT that are mutated here. Prints one JSON object: how
many of each were tried, how many refused and accepted, the slowest read in seconds, the peak memory
in MB, and `failures`: what was raised beyond the reader's own refusals, and what was run or written meanwhile. A read
that lasts longer than LONGEST_S ends the process. To fuzz another reader, add it to READERS.
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.helpers.sheets import draw_tiny_sheet, image_page, whole_annotation
from wire_detection.formats.table import IMPORT_FORMATS

sys.dont_write_bytecode = True  # a written file is a failure of the reader that is fuzzed

LONGEST_S = 5

GROWN = Path(__file__).resolve().parents[1] / "reliability" / "grown"
"""GROWN/READER/NAME/*: contents of files called NAME that reached something new (`benchmarks/fuzz_by_coverage.py`)."""

Seeds = list[tuple[str, bytes]]
"""File names and contents that a reader accepts: what is mutated."""


@dataclass(frozen=True)
class Reader:
    """How to get its seeds (in an empty folder), how to read a file, and which exception its refusals are."""

    seeds: Callable[[Path], Seeds]
    read: Callable[[], Callable[[Path], object]]
    refusals: Callable[[], tuple[type[Exception], ...]] = lambda: (ValueError,)


# --- readers -------------------------------------------------------------------------------------------------------


def image_seeds(folder: Path) -> Seeds:
    """The same small sheet in many formats and pixel types."""
    from PIL import Image

    grey, _ = draw_tiny_sheet(0, 96, 120)
    image = Image.fromarray(grey)
    kinds = [
        (image, "png"),
        (image, "jpg"),
        (image, "bmp"),
        (image, "webp"),
        (image, "tif"),
        (image, "gif"),
        (image, "pgm"),
        (image.convert("1"), "png"),
        (image.convert("1"), "tif"),
        (image.convert("P"), "png"),
        (image.convert("RGBA"), "png"),
        (image.convert("CMYK"), "jpg"),
        (image.convert("CMYK"), "tif"),
        (Image.fromarray(grey.astype(np.uint16) * 257), "png"),
        (image.convert("F"), "tif"),
    ]
    seeds = []
    for picture, kind in kinds:
        data = io.BytesIO()
        picture.save(data, {"jpg": "JPEG", "tif": "TIFF", "pgm": "PPM"}.get(kind, kind.upper()))
        seeds.append((f"sheet.{kind}", data.getvalue()))
    return seeds


def image_reader() -> Callable[[Path], object]:
    from wire_detection.sheets.image_files import read_image

    return read_image


def page_seeds(folder: Path) -> Seeds:
    """Files of several pages or moments: a PDF, a TIFF with two compressions, and moving pictures."""
    from PIL import Image

    from tests.helpers.odd_inputs import draw_pdf, encode, frames

    moving, pages = frames(3), [Image.fromarray(draw_tiny_sheet(n, 96, 120)[0]) for n in range(3)]
    return [
        ("sheet.pdf", draw_pdf((200, 100), (100, 200))),
        ("sheet.tif", encode(pages[0], "TIFF", save_all=True, append_images=pages[1:])),
        (
            "sheet.tif",
            encode(
                pages[0].convert("1"),
                "TIFF",
                save_all=True,
                append_images=[page.convert("1") for page in pages[1:]],
                compression="group4",
            ),
        ),
        *(
            (f"sheet.{kind}", encode(moving[0], kind.upper(), save_all=True, append_images=moving[1:]))
            for kind in ("gif", "png", "webp")
        ),
    ]


def page_reader() -> Callable[[Path], object]:
    from wire_detection.sheets.listing import find_pages

    def read(path: Path) -> object:
        # at few dots: what is too slow or too large for a whole page is told by its size
        return [(page.shape(), page.read().shape) for page in find_pages(path, pdf_dpi=36).pages[:3]]

    return read


def annotation_seeds(folder: Path) -> Seeds:
    """An annotation with everything in it."""
    from dataclasses import replace

    from wire_detection.annotations.annotation_file import write_annotation

    _, annotation = draw_tiny_sheet(0)
    whole = replace(
        annotation,
        nets=((0, 1),),
        texts=np.array([[1, 2, 30, 40]], np.float32),
        pins=np.array([[1, 2, 3, 4]], np.float32),
        components=({"bbox": [1.0, 2.0, 30.0, 40.0], "type": "resistor", "confidence": 1.0},),
    )
    write_annotation(whole, folder / "a.json")
    return [("sheet.json", (folder / "a.json").read_bytes())]


def annotation_reader() -> Callable[[Path], object]:
    from wire_detection.annotations.annotation_file import read_annotation

    return read_annotation


def record_seeds(folder: Path) -> Seeds:
    """The run.json of a run."""
    from wire_detection.runs.run_record import RunRecord

    record = RunRecord(folder, arguments={"epochs": 3, "image_size": (64, 64), "data_dir": "a"})
    record.set_split({"train": ["a.png"], "validation": ["b.png"]})
    return [("run.json", (folder / "run.json").read_bytes())]


def record_reader() -> Callable[[Path], object]:
    from wire_detection.runs.run_record import RunRecord

    def read(path: Path) -> object:
        RunRecord.beside_model(path.parent / "models" / "unet_best.h5")
        return RunRecord.to_resume(path.parent)

    return read


def state_seeds(folder: Path) -> Seeds:
    """A small training state."""
    from wire_detection.training.state import SavedState, save_state

    save_state(
        folder / "s.npz",
        SavedState(
            3,
            False,
            {"BestModel": {"best": 0.5}},
            {"model": [np.zeros((3, 4), np.float32)], "optimizer": [np.array(1)], "best": []},
        ),
    )
    return [("training_state.npz", (folder / "s.npz").read_bytes())]


def state_reader() -> Callable[[Path], object]:
    from wire_detection.training.state import load_state

    return load_state


def model_seeds(folder: Path) -> Seeds:
    """A very small model with the outputs that a reader needs, in all formats that are read."""
    import keras

    from tests.helpers.onnx_files import write_mean
    from wire_detection.networks.contract import OUTPUTS
    from wire_detection.networks.model_files import save_model

    inputs = keras.Input((None, None, 3), name="image")
    x = keras.layers.Conv2D(2, 3, padding="same", activation="relu", name="conv")(inputs)
    heads = {task: keras.layers.Conv2D(1, 1, name=task)(x) for task in OUTPUTS}
    model = keras.Model(inputs, heads)
    save_model(model, folder / "m.h5")
    save_model(model, folder / "m.keras")
    write_mean(folder / "m.onnx")
    return [(f"model.{kind}", (folder / f"m.{kind}").read_bytes()) for kind in ("h5", "keras", "onnx")]


def model_reader() -> Callable[[Path], object]:
    from wire_detection.networks import hdf5_contents, model_files
    from wire_detection.networks.runtimes import load_model

    model_files.examine = hdf5_contents.find_fault  # in this process: another one for each file would take an hour
    return load_model


def exported_seeds(format_name: str) -> Callable[[Path], Seeds]:
    """What a folder of one sheet with everything in it becomes in a foreign format; the sheet lies in seeds/images."""

    def seeds(folder: Path) -> Seeds:
        from wire_detection.formats.convert_folder import AnnotationExport
        from wire_detection.sheets.safe_files import write_png

        write_png(folder / "images" / "a.png", np.full((60, 80), 255, np.uint8))
        export = AnnotationExport(format_name, folder / "exported")
        part = export.add(whole_annotation(), image_page(folder / "images" / "a.png"))
        if part is not None:
            export.gather(part)
        export.finish()
        return [
            (path.name, path.read_bytes())
            for path in sorted((folder / "exported").rglob("*"), reverse=True)
            if path.suffix in (".json", ".txt", ".png", ".xml", ".yaml")
        ]

    return seeds


def foreign_reader(format_name: str) -> Callable[[], Callable[[Path], object]]:
    """Reads what a mutated file of the format says of the sheet, as an import does."""

    def reader() -> Callable[[Path], object]:
        from wire_detection.formats.coco import coco_file_sources
        from wire_detection.formats.cvat import cvat_file_sources
        from wire_detection.formats.labelme import read_labelme
        from wire_detection.formats.masks import ENDINGS, read_masks
        from wire_detection.formats.yolo import CLASSES, DATA, read_classes, read_labels
        from wire_detection.sheets.sheet_folder import SheetFolder

        sheets = SheetFolder(Path("seeds") / "images")
        whole = Path("seeds") / "exported"

        def read_yolo(path: Path) -> object:
            if path.name == DATA:  # is read where there is no other
                (path.parent / CLASSES).unlink(missing_ok=True)
            if path.name in (CLASSES, DATA):
                return read_classes(path.parent)
            return read_labels(path, read_classes(whole), sheets)

        return {
            "labelme": lambda path: read_labelme(path, sheets),
            "coco": lambda path: [source.read(sheets) for source in coco_file_sources(path)],
            "cvat": lambda path: [source.read(sheets) for source in cvat_file_sources(path)],
            "yolo": read_yolo,
            "masks": lambda path: read_masks(path.with_name(f"a{ENDINGS['wire']}"), sheets),
        }[format_name]

    return reader


def foreign_refusals() -> tuple[type[Exception], ...]:
    """What an import takes for a refusal; any other ValueError ends the list of a folder's annotations."""
    from wire_detection.annotations.json_checks import AnnotationError
    from wire_detection.sheets.image_files import SheetError

    return AnnotationError, SheetError


READERS = {
    "image": Reader(image_seeds, image_reader),
    "pages": Reader(page_seeds, page_reader),
    "annotation": Reader(annotation_seeds, annotation_reader),
    "record": Reader(record_seeds, record_reader),
    "state": Reader(state_seeds, state_reader),
    "model": Reader(model_seeds, model_reader),
    **{name: Reader(exported_seeds(name), foreign_reader(name), foreign_refusals) for name in IMPORT_FORMATS},
}


# --- mutations -----------------------------------------------------------------------------------------------------


HOSTILE = (
    None,
    True,
    -1,
    0,
    1e308,
    -1e308,
    10**12,
    10**400,
    0.5,
    "",
    "../../../../tmp/escaped",
    "/etc/passwd",
    "\0",
    "💥" * 50,
    [],
    [[]],
    {},
    [1] * 5000,
    {"a": {"b": None}},
    "NaN",
    float("nan"),
    float("inf"),
    "Lambda",
    "os",
    "builtins",
    {"module": "os", "class_name": "system", "config": {"command": "touch escaped"}, "registered_name": None},
)


def mutate(name: str, data: bytes, rng: np.random.Generator) -> bytes:
    """A damaged copy: bytes anywhere, and for JSON (bare, or inside a model) also the meaning of a part."""
    if rng.random() < 0.6:
        if name.endswith(".json"):
            return json.dumps(mutate_value(json.loads(data), rng)).encode()
        if name.endswith(".h5"):
            return mutate_model_config(data, rng)
    return mutate_bytes(data, rng)


def mutate_bytes(data: bytes, rng: np.random.Generator) -> bytes:
    """1 to 8 of: a byte or a number overwritten, a part cut out, doubled, or everything after a place lost."""
    changed = bytearray(data)
    for _ in range(int(rng.integers(1, 9))):
        place, length = int(rng.integers(len(changed) + 1)), int(rng.integers(1, 64))
        match int(rng.integers(6)):
            case 0:
                changed[place : place + 1] = rng.bytes(1)
            case 1:
                changed[place : place + 4] = bytes(rng.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"]))
            case 2:
                del changed[place : place + length]
            case 3:
                changed[place:place] = changed[place : place + length]
            case 4:
                changed[place:place] = rng.bytes(length)
            case 5 if rng.random() < 0.2:
                del changed[place:]
    return bytes(changed)


def mutate_value(value: object, rng: np.random.Generator) -> object:
    """`value`, from JSON, with one or two of its parts replaced by something hostile, removed or doubled."""
    for _ in range(int(rng.integers(1, 3))):
        places = list(_places(value))
        if not places:
            return HOSTILE[rng.integers(len(HOSTILE))]
        holder, key = places[rng.integers(len(places))]
        match int(rng.integers(6)):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, list):
                holder.insert(key, holder[key])
            case _:
                holder[key] = json.loads(json.dumps(HOSTILE[rng.integers(len(HOSTILE))]))
    return value


def _places(value: object):
    """(holder, key) of every part inside `value`."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield value, key
        yield from _places(part)


def mutate_model_config(data: bytes, rng: np.random.Generator) -> bytes:
    """An .h5 model whose description, the JSON from which Keras builds layers, is mutated."""
    import h5py

    memory = io.BytesIO(data)
    with h5py.File(memory, "r+") as file:
        config = mutate_value(json.loads(file.attrs["model_config"]), rng)
        file.attrs["model_config"] = json.dumps(config)
    return memory.getvalue()


# --- the run -------------------------------------------------------------------------------------------------------


def watch(failures: list[str]) -> None:
    """From now on note every program that is started, and every file that is opened for writing."""
    started = {"os.system", "os.exec", "os.posix_spawn", "subprocess.Popen", "socket.connect", "pickle.find_class"}

    def note(event: str, arguments: tuple) -> None:
        if event in started:
            failures.append(f"{event} {str(arguments)[:200]}")
        elif event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            path, mode, flags = arguments
            writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
            if (set(mode) & set("wax+") if mode else flags & writing) and os.fsdecode(path) != os.devnull:
                failures.append(f"opened {os.fsdecode(path)} for writing")

    sys.addaudithook(note)


def grown_files(reader_name: str) -> Seeds:
    """The files that a fuzzer has grown for a reader, sorted."""
    return [(path.parent.name, path.read_bytes()) for path in sorted((GROWN / reader_name).glob("*/*"))]


def fuzz(reader_name: str, count: int, seed: int, folder: Path) -> dict[str, object]:
    """Try what was grown and `count` more files, written one after the other into `folder`; those that fail stay."""
    rng, reader = np.random.default_rng(seed), READERS[reader_name]
    grown = grown_files(reader_name)
    (folder / "seeds").mkdir(parents=True)
    seeds = reader.seeds(folder / "seeds")
    read, refusals = reader.read(), reader.refusals()
    for name, data in seeds:  # whole files must be accepted; and afterwards nothing is imported or set up any more
        (folder / name).write_bytes(data)
        read(folder / name)
    noted: list[str] = []
    watch(noted)
    failures: list[str] = []
    refused, slowest_s = 0, 0.0
    for number in range(len(grown) + count):
        name, content = grown[number] if number < len(grown) else seeds[number % len(seeds)]
        if number >= len(grown):
            content = mutate(name, content, rng)
        case = folder / name
        case.write_bytes(content)
        noted.clear()
        begin = time.monotonic()
        signal.alarm(LONGEST_S + 1)
        outcome = attempt(read, refusals, case)
        signal.alarm(0)
        slowest_s = max(slowest_s, time.monotonic() - begin)
        refused += outcome == "refused"
        wrong = [*noted, *([outcome] if outcome not in ("accepted", "refused") else [])]
        if wrong:
            failures += wrong
            (folder / f"failure_{number}_{name}").write_bytes(content)
    return {
        "grown": len(grown),
        "tried": count,
        "refused": refused,
        "accepted": len(grown) + count - refused,
        "failures": failures[:20],
        "slowest_s": round(slowest_s, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def attempt(read: Callable[[Path], object], refusals: tuple[type[Exception], ...], case: Path) -> str:
    """ "accepted", "refused" (in one line), or what else was raised."""
    try:
        read(case)
    except refusals as error:
        return "refused" if len(str(error).splitlines()) == 1 else f"not one line: {str(error)[:200]!r}"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    return "accepted"


if __name__ == "__main__":
    choice, how_many, first_seed, place = sys.argv[1:]
    os.chdir(place)
    print(json.dumps(fuzz(choice, int(how_many), int(first_seed), Path(place).resolve())))
