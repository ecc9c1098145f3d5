"""The benchmarks run. No test checks a speed, since a busy machine would fail it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from .__main__ import main


def test_every_comparison_has_its_rows(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A small run writes the whole table, at most 80 columns wide, and the figures."""
    figures = tmp_path / "figures.json"
    main(["--quick", "--here", "--figures", str(figures)])
    printed = capfd.readouterr().out
    assert 80 >= max(map(len, printed.splitlines()))
    comparisons = json.loads(figures.read_text())["comparisons"]
    assert {"listing", "call", "async-1", "start", "import", "prefetch", "memory", "growth"} <= {
        comparison["name"] for comparison in comparisons
    }
    for comparison in comparisons:
        assert comparison["title"] in printed
        for row in comparison["ratios"]:
            assert re.search(
                rf"^  {re.escape(row['beside'])} .*\d (x|MiB)\b", printed, re.MULTILINE
            )
