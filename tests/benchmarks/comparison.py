"""A comparison: contenders that take turns, and the rows of its table."""

from __future__ import annotations

import operator
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from .processes import Contender

Samples = Mapping[str, Sequence[float]]
"""Each contender's figures by round, in seconds or bytes."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of a figure."""

    name: str
    of_it_in_one: float
    """Number of these units in a second or a byte."""


MICROSECONDS = Unit("µs", 1e6)
MILLISECONDS = Unit("ms", 1e3)
MEBIBYTES = Unit("MiB", 2.0**-20)


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of ratio between our figure and another's."""

    compare: Callable[[float, float], float]
    text: str
    sign: str
    is_met: Callable[[float, float], bool]


TIMES_AS_FAST = Kind(lambda ours, other: other / ours, "{:.2f} x", "≥", operator.ge)
TIMES_ITS_COST = Kind(lambda ours, other: ours / other, "{:.2f} x", "≤", operator.le)
MEBIBYTES_MORE = Kind(
    lambda ours, other: (ours - other) * MEBIBYTES.of_it_in_one, "{:+.1f} MiB", "≤", operator.le
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: two contenders and the goal for their ratio."""

    label: str
    ours: str
    other: str
    kind: Kind = TIMES_AS_FAST
    goal: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Contenders with the same job."""

    name: str
    """One word, for ``--only``."""
    title: str
    unit: Unit
    contenders: Mapping[str, Contender]
    rows: Sequence[Row]
    rounds: int
    heats: int = 1
    """Number of process restarts, since memory layout affects the figures."""

    def run(self, tell: Callable[[str], object]) -> Samples:
        """Measure each contender once per round, in a changing order.

        The first of several rounds is for warming up and isn't counted.
        """
        samples: dict[str, list[float]] = {name: [] for name in self.contenders}
        for heat in range(self.heats):
            with ExitStack() as stack:
                ready = {name: stack.enter_context(c()) for name, c in self.contenders.items()}
                for number in range(self.rounds):
                    for name in random.sample(list(ready), len(ready)):
                        figure = ready[name]()
                        if number or self.rounds == 1:
                            samples[name].append(figure)
                    done, all_of_them = heat * self.rounds + number + 1, self.heats * self.rounds
                    tell(f"{self.name}: {done} of {all_of_them}")
        return samples
