"""The benchmark: its table, its comparison, and that a small run of one line works."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools.bench.__main__ import main
from tools.bench.lines import LINES
from tools.bench.measurement import at_least, at_most, changes, read, save, share_of_baseline, table, times_baseline
from tools.bench.samples import in_turns, percentile


def test_a_rate_is_compared_with_its_share_of_the_baseline() -> None:
    assert share_of_baseline("list", "/s", 600, baseline=1000, least=0.6).met
    missed = share_of_baseline("list", "/s", 599, baseline=1000, least=0.6)
    assert not missed.met
    assert missed.ratio == pytest.approx(0.599)


def test_a_duration_is_compared_with_a_multiple_of_its_baseline() -> None:
    assert times_baseline("p99", "ms", 30, baseline=10, most=3).met
    assert not times_baseline("p99", "ms", 31, baseline=10, most=3).met


def test_the_table_has_figure_baseline_ratio_and_target_of_every_line() -> None:
    fast = share_of_baseline("GET /content", "/s", 1234, baseline=2000, least=0.6, node=391)
    lines = table([fast, at_most("start, p99", "ms", 151, 150, note="with others")]).splitlines()
    assert lines[2].split("  ")[0] == "GET /content"
    for cell in ("1,234 /s", "2,000 /s", "0.62", "≥ 0.6 of baseline", "yes", "391 /s"):
        assert cell in lines[2]
    for cell in ("151 ms", "≤ 150 ms", "NO"):
        assert cell in lines[3]
    assert lines[4].strip() == "with others"


def test_a_missed_target_says_what_limits_it() -> None:
    missed, met = (at_least("texts", "/s", figure, 120, limit="the lock") for figure in (119, 121))
    assert table([missed]).splitlines()[3].strip() == "limit: the lock"
    assert "lock" not in table([met])


def test_two_runs_are_compared_by_figure_and_by_ratio(tmp_path: Path) -> None:
    """On a machine half as fast the figure halves, but the ratio to the baseline shows that nothing else changed."""
    before = [share_of_baseline("list", "/s", 600, baseline=1000, least=0.6), at_least("gone", "/s", 1, 1)]
    save(tmp_path / "before.json", before)
    told = changes(read(tmp_path / "before.json"), [share_of_baseline("list", "/s", 300, baseline=500, least=0.6)])
    header, line = told.splitlines()
    assert header.split()[:3] == ["line", "before", "now"]
    assert line.split() == ["list", "600", "/s", "300", "/s", "0.50", "x", "1", "x"]


def test_a_percentile_is_a_measured_value() -> None:
    assert percentile([3, 1, 2], 50) == 2
    assert percentile(range(1, 101), 99) == 99
    assert percentile([7], 99) == 7


def test_measurements_alternate() -> None:
    order: list[str] = []
    in_turns(2, lambda: order.append("baseline"), lambda: order.append("product"))
    assert order == ["baseline", "product", "baseline", "product"]


def test_a_missing_wrk_is_one_line_that_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["--quick", "--json", str(tmp_path / "bench.json")]) == 1
    assert "apt-get install wrk" in capsys.readouterr().err.splitlines()[0]


@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
def test_a_quick_run_prints_the_table_and_writes_the_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bench.json"
    assert main(["--quick", "--only", "sockets", "--json", str(path)]) == 0
    assert "web memory with 10 open sockets" in capsys.readouterr().out
    memory, _ = read(path)
    assert 10 < memory.figure < 500


def test_every_line_of_the_table_can_be_run_alone() -> None:
    assert {"generate", "list", "get", "login", "burst", "instant", "start", "scale", "flood"} <= set(LINES)
