"""`python -m tools.bench`: measures, prints the table, writes it as JSON and compares it with an earlier run."""

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
    """Returns 0 even if targets were missed: the table shows them, and a noisy machine should not fail the run."""
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
    """Measures the named lines on dedicated servers. A line that fails is reported and left out."""
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
        "--quick", action="store_true", help="a small load, to test the benchmark; the figures mean little"
    )
    parser.add_argument("--only", nargs="+", metavar="LINE", choices=LINES, help=f"some of: {', '.join(LINES)}")
    parser.add_argument("--json", type=Path, default=Path("bench.json"), help="the output file (bench.json)")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="the JSON of an earlier run")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
