"""`python -m tools.bench`: measure, print the table, write it as JSON, compare with an earlier run."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tools.bench import load
from tools.bench.lines import LINES
from tools.bench.measurement import Measurement, changes, machine, read, save, table
from tools.bench.stage import Stage
from tools.processes import StartError
from tools.system import Servers


def main(arguments: list[str] | None = None) -> int:
    """0 also when targets were missed: the table says so, and a noisy machine is no failure."""
    options = _parse(arguments)
    try:
        before = read(options.compare) if options.compare else []
        load.require()
        measurements = measure(options.only or list(LINES), quick=options.quick)
    except (StartError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    kind = machine()
    print(f"\n{kind['cores']} cores, {kind['cpu']}, {kind['system']}, Python {kind['python']}\n")
    print(table(measurements))
    if before:
        print(f"\nCompared with {options.compare}:\n{changes(before, measurements)}")
    save(options.json, measurements)
    print(f"\nWritten to {options.json}")
    return 0


def measure(names: list[str], *, quick: bool) -> list[Measurement]:
    """The measurements of the named lines, on servers of their own; a line that fails says so and is left out."""
    found = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        servers = Servers.start(Path(folder))
        try:
            stage = Stage(servers, Path(folder), quick)
            for name in names:
                began = time.monotonic()
                try:
                    found += LINES[name](stage)
                    told = "measured"
                except StartError as error:
                    told = f"NOT MEASURED ({error})"
                print(f"{name}: {told} in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        finally:
            servers.stop()
    return found


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description="Measures the product.")
    parser.add_argument(
        "--quick", action="store_true", help="a small load: shows that it works, its figures mean little"
    )
    parser.add_argument("--only", nargs="+", metavar="LINE", choices=LINES, help=f"some of: {', '.join(LINES)}")
    parser.add_argument("--json", type=Path, default=Path("bench.json"), help="where the figures go (bench.json)")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="the JSON of an earlier run")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
