"""What time does to things: one status after the other, and the fields that come with each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from itertools import accumulate
from typing import Any, Final, Generic, TypeVar, cast

from .._core.model import Model
from .fake_values import fill

M = TypeVar("M", bound=Model)

Fields = Mapping[str, object]


class Last(Enum):
    """The status at the end of a life."""

    END = "end"


END: Final = Last.END
"""Stands for the last status, whichever it is."""


@dataclass(frozen=True, slots=True)
class Stages:
    """The life that one kind of thing has where nothing else is said."""

    names: frozenset[str]
    """Names of the fields that say which one it is, and never change."""
    status: str
    """Name of the field that has the status."""
    lasts: Mapping[str, float]
    """The statuses on the way, in order, and the seconds that each lasts; 0: it is left out."""
    end: str
    """The status at the end."""
    ends: frozenset[str]
    """All statuses that a life can end with."""
    created: str
    """Name of the field that tells when it began."""
    stamps: Mapping[str, Sequence[str | Last]]
    """Fields that tell when a status began, and the status, or END: the first of several that it
    comes to."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of one thing."""

    ends: Fields | None = None
    """Fields that it has at its end."""
    lasts: Mapping[Any, float] | None = None
    """Seconds that statuses (strings, of one set or another) last, where not the usual ones."""
    transitions: Mapping[str | Last, Fields] = field(default_factory=dict[str | Last, Fields])
    """Fields that come with a status, or END, where they aren't given."""


@dataclass(frozen=True, slots=True)
class Timeline(Generic[M]):
    """A thing, as it is at first and as it becomes."""

    first: M
    changes: tuple[tuple[datetime, Fields], ...]
    """Times, in order, and the fields that change then."""

    def at(self, now: datetime) -> M:
        """As it is at a time."""
        due = [fields for when, fields in self.changes if when <= now]
        if not due:
            return self.first
        merged: dict[str, object] = dict(self.first)
        for fields in due:
            merged |= fields
        return fill(type(self.first), merged, {})


def begin(
    model: type[M], stages: Stages, given: Fields, rest: Fields, plan: Plan, now: datetime
) -> Timeline[M]:
    """The life of a thing that has, now, the given fields and the rest for what is not given.

    What must have been before lies in the past. A status that is not on the way, or lasts 0
    seconds there, stays for ever. Raises ``TypeError`` for a field and ``ValueError`` for a
    status that there is not, or an end that would change what it is called.
    """
    if renamed := stages.names.intersection(plan.ends or {}):
        raise ValueError(f"ends= can't change {', '.join(sorted(renamed))}")
    status = str(given.get(stages.status, rest[stages.status]))
    way, starts = _way(stages, status, plan)
    here = way.index(status)
    created = cast("datetime", given.get(stages.created, now - starts[here]))
    names = [{each, END} if each in stages.ends else {each} for each in way]
    stamped = {
        field: next((i for i, known in enumerate(names) if known.intersection(of)), None)
        for field, of in stages.stamps.items()
    }

    def transition(index: int) -> Fields:
        fields: dict[str, object] = {
            field: created + starts[index] for field, at in stamped.items() if at == index
        }
        for name in (way[index], END):
            fields |= plan.transitions.get(name, {}) if name in names[index] else {}
        fields = {name: value for name, value in fields.items() if name not in given}
        is_end = 0 < index == len(way) - 1
        return {**fields, stages.status: way[index], **((is_end and plan.ends) or {})}

    past: dict[str, object] = {**rest, stages.created: created}
    for index in range(here + 1):
        past |= transition(index)
    timeline = Timeline(
        fill(model, given, past),
        tuple((now + starts[i] - starts[here], transition(i)) for i in range(here + 1, len(way))),
    )
    if timeline.changes:
        timeline.at(timeline.changes[-1][0])  # what is wrong with the end is said at the beginning
    return timeline


def _way(stages: Stages, status: str, plan: Plan) -> tuple[list[str], list[timedelta]]:
    """The statuses of a life that this one is in, and when each begins, counted from the first."""
    lasts = {**stages.lasts, **(plan.lasts or {})}
    if strangers := lasts.keys() - stages.lasts.keys():
        raise ValueError(f"{', '.join(strangers)}: lasts= takes {', '.join(stages.lasts)}")
    lasts = {name: seconds for name, seconds in lasts.items() if seconds > 0}
    if status not in lasts.keys() | stages.ends:
        return [status], [timedelta()]
    end = status if status in stages.ends else (plan.ends or {}).get(stages.status, stages.end)
    starts = accumulate(lasts.values(), initial=0)
    return [*lasts, str(end)], [timedelta(seconds=each) for each in starts]
