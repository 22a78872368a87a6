"""`make chaos`, or `python -m tests.chaos --seed 7 --seconds 120 --generations 400`."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.chaos.drill import run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=sys.modules["tests.chaos"].__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--seconds", type=float, default=90, help="how long things break; settling comes on top")
    parser.add_argument("--generations", type=int, default=400)
    parser.add_argument("--logs", type=Path, help="keep the processes' logs in this folder")
    options = parser.parse_args()
    print(f"chaos: seed {options.seed}, {options.generations} generations in {options.seconds:g} s", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.logs or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        verdict = run(options.seed, options.seconds, options.generations, folder)
    print(verdict.table())
    print("every promise was kept" if verdict.kept else f"PROMISES WERE BROKEN (seed {options.seed})")
    return 0 if verdict.kept else 1


if __name__ == "__main__":
    sys.exit(main())
