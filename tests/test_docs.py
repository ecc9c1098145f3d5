"""The tables in the documentation, held against the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from omics_tasks import deadline, ecs, errors
from omics_tasks._call import _EXPIRED
from omics_tasks._core.faults import (
    COMMON_CODES,
    THROTTLING_CODES,
    TRANSIENT_CODES,
    TRANSIENT_STATUSES,
    to_fault,
)
from omics_tasks.config import ClientOptions
from omics_tasks.healthomics.operations import GET_RUN

ROOT = Path(__file__).parent.parent
ERRORS = (ROOT / "docs" / "errors.md").read_text()
README = (ROOT / "README.md").read_text()


def rows(text: str, heading: str) -> list[list[str]]:
    """The cells of the table that begins with ``heading``."""
    table = text[text.index(heading) :].split("\n\n", maxsplit=1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table]


def is_retried(cls: Any) -> bool:
    """Whether an error of that class, as the service raises it, is retried."""
    if not issubclass(cls, errors.ServiceError):
        return bool(cls.retryable)
    code = {errors.ServiceError: "Unknown"}.get(cls, cls.__name__)
    return to_fault(GET_RUN, cls.status, {"x-amzn-errortype": code}, b"").retryable


def test_every_error_is_explained() -> None:
    """The page's first table has every class of the tree, and says rightly what is retried."""
    classes = [name for name in errors.__all__ if name not in ("OmicsTasksError", "Problem")]
    table = {name.strip("`"): retried for name, _, retried, _ in rows(ERRORS, "| error | what")}
    assert {name: is_retried(getattr(errors, name)) for name in classes} == {
        name: retried == "yes" for name, retried in table.items()
    }


def test_every_error_of_one_service_is_explained() -> None:
    """The second table has what only one service raises, under its category."""
    table = {
        name.strip("`"): (category.strip("`"), retried == "yes")
        for name, category, retried in rows(ERRORS, "| error | is a")
    }
    own = {
        f"{service.__name__.rpartition('.')[2]}.{name}": cls
        for service in (ecs, deadline)
        for name, cls in vars(service.errors).items()
        if isinstance(cls, type)
        and issubclass(cls, errors.ServiceError)
        and cls.__module__ == service.errors.__name__
    }
    assert {name: ((c.__base__ or c).__name__, is_retried(c)) for name, c in own.items()} == table


@pytest.mark.parametrize(
    ("before", "codes"),
    [
        ("a code of throttling:", THROTTLING_CODES),
        ("a code of a passing fault:", TRANSIENT_CODES),
        ("**Expired credentials**", _EXPIRED),
    ],
)
def test_the_lists_of_codes_are_whole(before: str, codes: frozenset[str]) -> None:
    """What the page lists is what the code has."""
    listed = re.split(r"[;.)]", ERRORS.partition(before)[2])[0]
    assert codes == set(re.findall(r"`(\w+)`", listed))


def test_the_statuses_are_right() -> None:
    """The statuses that are retried are those that the page says."""
    said = re.search(r"HTTP status ([\d, or]+), and 429", ERRORS)
    assert said
    assert TRANSIENT_STATUSES == {int(status) for status in re.findall(r"\d+", said[1])}


def test_transient_codes_have_classes() -> None:
    """Every code that is retried raises a class that the page explains."""
    assert THROTTLING_CODES | TRANSIENT_CODES <= COMMON_CODES.keys()


def test_the_readme_has_every_option() -> None:
    """The configuration table has every argument of a client."""
    table = README[README.index("| argument |") :].split("\n\n")[0]
    named = set(re.findall(r"`(\w+)`", " ".join(row.split("|")[1] for row in table.splitlines())))
    assert {*ClientOptions.__annotations__, "transport"} == named - {"RetryPolicy"}
