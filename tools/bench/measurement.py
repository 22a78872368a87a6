"""A measurement, and the table of measurements."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

_COLUMNS = ("line", "figure", "baseline", "ratio", "target", "met", "Node original")
_SMALL = 10
_LARGE = 1000


@dataclass(frozen=True)
class Measurement:
    """A figure with its target and baseline. `ratio` is figure / baseline; `node` is the Node original's figure."""

    name: str
    unit: str
    figure: float
    target: str
    met: bool | None
    """None if the line has no target and is informational."""
    baseline: float | None = None
    node: float | None = None
    note: str = ""
    limit: str = ""
    """The bottleneck found by profiling; printed if the target is missed."""

    @property
    def ratio(self) -> float | None:
        return self.figure / self.baseline if self.baseline else None


def at_least(name: str, unit: str, figure: float, least: float, **more: Any) -> Measurement:
    """A figure that must not be below `least`."""
    return Measurement(name, unit, figure, f"≥ {_number(least)} {unit}", figure >= least, **more)


def at_most(name: str, unit: str, figure: float, most: float, **more: Any) -> Measurement:
    """A figure that must not be above `most`."""
    return Measurement(name, unit, figure, f"≤ {_number(most)} {unit}", figure <= most, **more)


def share_of_baseline(name: str, unit: str, figure: float, baseline: float, least: float, **more: Any) -> Measurement:
    """A rate that must reach the share `least` of its baseline."""
    return Measurement(
        name, unit, figure, f"≥ {least:g} of baseline", figure >= least * baseline, baseline=baseline, **more
    )


def times_baseline(name: str, unit: str, figure: float, baseline: float, most: float, **more: Any) -> Measurement:
    """A duration that must stay within `most` times its baseline."""
    return Measurement(
        name, unit, figure, f"≤ {most:g} x baseline", figure <= most * baseline, baseline=baseline, **more
    )


def table(measurements: Iterable[Measurement]) -> str:
    """Returns the measurements as aligned columns, each followed by its note and limit."""
    rows = [(_cells(each), _remarks(each)) for each in measurements]
    widths = [max(len(row[i]) for row in [_COLUMNS, *(cells for cells, _ in rows)]) for i in range(len(_COLUMNS))]
    lines = [_aligned(_COLUMNS, widths), "  ".join("-" * width for width in widths)]
    for cells, remarks in rows:
        lines += [_aligned(cells, widths), *(f"    {remark}" for remark in remarks)]
    return "\n".join(lines)


def changes(before: Sequence[Measurement], now: Sequence[Measurement]) -> str:
    """Returns a comparison of both runs, absolute and relative to each run's baselines."""
    earlier = {each.name: each for each in before}
    rows = [("line", "before", "now", "now / before", "by ratio to baseline")]
    for each in now:
        old = earlier.get(each.name)
        if old is not None:
            by_ratio = _number(each.ratio / old.ratio, "x") if each.ratio and old.ratio else ""
            by_figure = _number(each.figure / old.figure, "x") if old.figure else ""
            rows.append(
                (each.name, _number(old.figure, old.unit), _number(each.figure, each.unit), by_figure, by_ratio)
            )
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(_aligned(row, widths) for row in rows)


def save(path: Path, measurements: Sequence[Measurement]) -> None:
    """Writes the run as JSON."""
    document = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "measurements": [asdict(each) | {"ratio": each.ratio} for each in measurements],
    }
    path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def read(path: Path) -> list[Measurement]:
    """Returns the measurements of a saved run."""
    document = orjson.loads(path.read_bytes())
    fields = Measurement.__dataclass_fields__
    saved = [
        {"baseline": each.get("floor"), **each} for each in document["measurements"]
    ]  # named `floor` in older files
    return [Measurement(**{name: value for name, value in each.items() if name in fields}) for each in saved]


def machine() -> dict[str, Any]:
    """Returns the machine's hardware, system and load average."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    return {
        "cores": os.cpu_count(),
        "cpu": model,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "loadAverage": os.getloadavg()[0],
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def _remarks(each: Measurement) -> list[str]:
    limit = f"limit: {each.limit}" if each.met is False and each.limit else ""
    return [remark for remark in (each.note, limit) if remark]


def _cells(each: Measurement) -> tuple[str, ...]:
    met = {True: "yes", False: "NO", None: ""}[each.met]
    return (
        each.name,
        _number(each.figure, each.unit),
        _number(each.baseline, each.unit),
        _number(each.ratio),
        each.target,
        met,
        _number(each.node, each.unit),
    )


def _number(value: float | None, unit: str = "") -> str:
    if value is None:
        return ""
    digits = 2 if abs(value) < _SMALL and value != int(value) else 0
    text = f"{value:,.{digits}f}" if abs(value) >= _LARGE or digits else f"{value:.{digits}f}"
    return f"{text} {unit}".strip()


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
