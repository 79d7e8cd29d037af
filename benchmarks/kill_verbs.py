"""Kill every verb that writes files at random, run it again, and compare what lies there with a run left alone.

    python -m benchmarks.kill_verbs --kills 100 [VERB ...]

Of the kills (SIGKILL, to the process alone or to those that it started as well) a third each come at a random moment,
after a random number of written files, and while a file is half written. After up to four kills a run may end. Then all
that the run left alone wrote must be there and nothing else, byte by byte; what was whole before a kill must still be;
and where a second run leaves files as they are, it must not have written them again. Trainings: kill_survival.py.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.helpers.kill_verbs import VERBS, kill_and_repeat, write_inputs


def main() -> None:
    """Print a line for each verb; the exit code is 1 where there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("verbs", nargs="*", metavar="VERB", help=", ".join(VERBS))
    parser.add_argument("--kills", type=int, default=100, help="of each verb")
    parser.add_argument("--sheets", type=int, default=6, help="that each run reads")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    arguments = parser.parse_args()
    faults = []
    with tempfile.TemporaryDirectory() as place:
        inputs = write_inputs(Path(place) / "inputs", arguments.sheets)
        for name in arguments.verbs or VERBS:
            folder = Path(place) / name.replace(" ", "_")
            outcome = kill_and_repeat(name, inputs, folder, arguments.kills, arguments.seed)
            found = outcome.faults()
            print(
                f"{name}: {outcome.kills} kills, {outcome.in_write} of them in a write; {outcome.runs} runs; "
                f"{len(found)} faults",
                flush=True,
            )
            for fault in found[:9]:
                print(f"  {fault}", flush=True)
            faults += found
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
