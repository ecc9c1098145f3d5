"""The command line of the benchmarks."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

from .environment import AIOBOTOCORE, PLAIN
from .processes import serving
from .report import Outcome, heading, surroundings, table, write_figures
from .suite import DELAY, FULL, QUICK, suite


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Measures this library beside boto3, aiobotocore and what its parts allow, "
        "against a server on this machine. Each has a process of its own, and they take turns; "
        "the table has medians. The whole takes about five minutes on an idle machine.",
    )
    parser.add_argument("--quick", action="store_true", help="little of everything, once")
    parser.add_argument(
        "--only",
        metavar="NAME",
        action="append",
        help="one of listing, call, async-1, async-10, async-100, start, import, prefetch, memory, "
        "growth; can be given again",
    )
    parser.add_argument("--figures", metavar="FILE", type=Path, help="for all figures, as JSON")
    parser.add_argument("--pictures", metavar="DIR", type=Path, help="for pictures of them")
    parser.add_argument(
        "--here",
        action="store_true",
        help="all in this environment, so without aiobotocore; else two are made in .benchmarks/",
    )
    return parser.parse_args(given)


def _show(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _tell(progress: str) -> None:
    sys.stderr.write(f"\r\x1b[K{progress}" if sys.stderr.isatty() else f"{progress}\n")


def main(given: Sequence[str] | None = None) -> None:
    """Run the benchmarks and write the results."""
    options = _arguments(given)
    size = QUICK if options.quick else FULL
    if not options.here:
        AIOBOTOCORE.make()
        PLAIN.make()
    around = surroundings(here=options.here)
    for name, what in around.items():
        _show(textwrap.fill(f"{name}: {what}", 80, subsequent_indent="    "))
    _show(f"\n{heading()}")
    outcomes: list[Outcome] = []
    with serving() as url, serving(DELAY) as slow_url:
        for comparison in suite(size, url, slow_url, here=options.here):
            if options.only and comparison.name not in options.only:
                continue
            outcomes.append(Outcome(comparison, comparison.run(_tell)))
            _tell("")
            _show("\n".join(table(outcomes[-1])))
    if not outcomes:
        sys.exit(f"there is no comparison {' or '.join(options.only)}, see --help")
    if options.figures:
        write_figures(options.figures, outcomes, around)
    if options.pictures:
        from .pictures import draw  # noqa: PLC0415 - matplotlib is needed for this alone

        options.pictures.mkdir(parents=True, exist_ok=True)
        draw(options.pictures, outcomes)


if __name__ == "__main__":
    main()
