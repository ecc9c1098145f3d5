"""Timelines: the statuses that a resource goes through, and the fields that change with each."""

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
    """Type of the sentinel ``END``."""

    END = "end"


END: Final = Last.END
"""Sentinel for the final status of a timeline."""


@dataclass(frozen=True, slots=True)
class Stages:
    """The default lifecycle of one kind of resource."""

    names: frozenset[str]
    """Names of the identifying fields, which never change."""
    status: str
    """Name of the status field."""
    lasts: Mapping[str, float]
    """Seconds in each status before the final one, in order. 0 skips a status."""
    end: str
    """Default final status."""
    ends: frozenset[str]
    """All possible final statuses."""
    created: str
    """Name of the field with the creation time."""
    stamps: Mapping[str, Sequence[str | Last]]
    """Time fields, each with the statuses (or END) that set it. The first one reached counts."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes to the default lifecycle for one resource."""

    ends: Fields | None = None
    """Fields to set with the final status."""
    lasts: Mapping[Any, float] | None = None
    """Seconds in a status, for statuses that differ from the default."""
    transitions: Mapping[str | Last, Fields] = field(default_factory=dict[str | Last, Fields])
    """Fields to set with a status, or with END, unless the caller gave them."""


@dataclass(frozen=True, slots=True)
class Timeline(Generic[M]):
    """The initial fields of a resource and its later changes."""

    first: M
    changes: tuple[tuple[datetime, Fields], ...]
    """Fields that change, with the time of the change, in order."""

    def at(self, now: datetime) -> M:
        """Return the resource as it is at time ``now``."""
        due = [fields for time, fields in self.changes if time <= now]
        if not due:
            return self.first
        merged: dict[str, object] = dict(self.first)
        for fields in due:
            merged |= fields
        return fill(type(self.first), merged, {})


def start_timeline(
    model: type[M], stages: Stages, given: Fields, defaults: Fields, plan: Plan, now: datetime
) -> Timeline[M]:
    """Return the timeline of a resource with the given fields, and defaults for the others.

    Statuses before the current one are dated in the past. A status that is not in ``stages``, or
    has 0 seconds there, never changes. Raises ``TypeError`` for an unknown field, and
    ``ValueError`` for an unknown status or for ``plan.ends`` that change an identifying field.
    """
    if renamed := stages.names.intersection(plan.ends or {}):
        raise ValueError(f"ends= can't change {', '.join(sorted(renamed))}")
    status = str(given.get(stages.status, defaults[stages.status]))
    statuses, starts = _schedule(stages, status, plan)
    current = statuses.index(status)
    created = cast("datetime", given.get(stages.created, now - starts[current]))
    keys = [{each, END} if each in stages.ends else {each} for each in statuses]
    stamped = {
        field: next((i for i, key in enumerate(keys) if key.intersection(triggers)), None)
        for field, triggers in stages.stamps.items()
    }

    def transition(index: int) -> Fields:
        fields: dict[str, object] = {
            field: created + starts[index] for field, at in stamped.items() if at == index
        }
        for key in (statuses[index], END):
            fields |= plan.transitions.get(key, {}) if key in keys[index] else {}
        fields = {name: value for name, value in fields.items() if name not in given}
        is_end = 0 < index == len(statuses) - 1
        return {**fields, stages.status: statuses[index], **((is_end and plan.ends) or {})}

    past: dict[str, object] = {**defaults, stages.created: created}
    for index in range(current + 1):
        past |= transition(index)
    later = range(current + 1, len(statuses))
    timeline = Timeline(
        fill(model, given, past),
        tuple((now + starts[i] - starts[current], transition(i)) for i in later),
    )
    if timeline.changes:
        timeline.at(timeline.changes[-1][0])  # raises now, not later, if plan.ends are invalid
    return timeline


def _schedule(stages: Stages, status: str, plan: Plan) -> tuple[list[str], list[timedelta]]:
    """Return all statuses of a timeline that contains ``status``, and the offset of each."""
    lasts = {**stages.lasts, **(plan.lasts or {})}
    if unknown := lasts.keys() - stages.lasts.keys():
        raise ValueError(f"{', '.join(unknown)}: lasts= takes {', '.join(stages.lasts)}")
    lasts = {name: seconds for name, seconds in lasts.items() if seconds > 0}
    if status not in lasts.keys() | stages.ends:
        return [status], [timedelta()]
    end = status if status in stages.ends else (plan.ends or {}).get(stages.status, stages.end)
    starts = accumulate(lasts.values(), initial=0)
    return [*lasts, str(end)], [timedelta(seconds=each) for each in starts]
