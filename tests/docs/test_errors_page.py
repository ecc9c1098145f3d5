"""docs/guide/errors.md and retries.md: their tables and lists match the code."""

from __future__ import annotations

import re
from typing import Any

import pytest

from omics_tasks import RetryPolicy, deadline, ecs, errors
from omics_tasks._call import _EXPIRED
from omics_tasks._core.error_parsing import (
    COMMON_CODES,
    THROTTLING_CODES,
    TRANSIENT_CODES,
    TRANSIENT_STATUSES,
    parse_error,
)
from omics_tasks.healthomics.operations import GET_RUN

from .pages import DOCS, blocks, codes, table

ERRORS = DOCS / "guide" / "errors.md"
RETRIES = DOCS / "guide" / "retries.md"


def is_retried(cls: Any) -> bool:
    """Return whether an error of that class, raised by a service, is retried."""
    if not issubclass(cls, errors.ServiceError):
        return bool(cls.retryable)
    code = {errors.ServiceError: "Unknown"}.get(cls, cls.__name__)
    return parse_error(GET_RUN, cls.status, {"x-amzn-errortype": code}, b"").retryable


def test_every_error_is_explained() -> None:
    """The first table has every class, and correctly names those that are retried."""
    classes = [name for name in errors.__all__ if name not in ("OmicsTasksError", "Problem")]
    documented = {
        name.strip("`"): retried for name, _, retried, _ in table(ERRORS, "| error | what")
    }
    assert {name: is_retried(getattr(errors, name)) for name in classes} == {
        name: retried == "yes" for name, retried in documented.items()
    }


def test_the_tree_is_the_codes() -> None:
    """The page draws every class below its base class."""
    tree = next(block.code for block in blocks(ERRORS) if block.language == "text")
    root, *lines = tree.splitlines()
    above = {-1: root}
    drawn: dict[str, str] = {}
    for line in lines:
        name = line.lstrip("│├└─ ")
        depth = (len(line) - len(name)) // 4 - 1
        drawn[name] = above[depth - 1]
        above[depth] = name
    classes = [getattr(errors, name) for name in errors.__all__]
    assert drawn == {
        cls.__name__: cls.__bases__[0].__name__
        for cls in classes
        if issubclass(cls, errors.OmicsTasksError) and cls is not errors.OmicsTasksError
    }


def test_every_error_of_one_service_is_explained() -> None:
    """The second table has the errors of single services by category."""
    documented = {
        name.strip("`"): (category.strip("`"), retried == "yes")
        for name, category, retried in table(ERRORS, "| error | is a")
    }
    own = {
        f"{service.__name__.rpartition('.')[2]}.{name}": cls
        for service in (ecs, deadline)
        for name, cls in vars(service.errors).items()
        if isinstance(cls, type)
        and issubclass(cls, errors.ServiceError)
        and cls.__module__ == service.errors.__name__
    }
    assert {
        name: ((c.__base__ or c).__name__, is_retried(c)) for name, c in own.items()
    } == documented


def test_the_table_of_errors_to_catch() -> None:
    """The table of errors to catch names existing classes and members."""
    named = [name for _, cell in table(ERRORS, "| to tell") for name in codes(cell)]
    assert named
    for name in named:
        is_of_all = name in (".retryable", ".may_have_happened")
        owner = errors.OmicsTasksError if is_of_all else errors
        is_member = name == ".code" and "code" in vars(parse_error(GET_RUN, 400, {}, b""))
        assert is_member or hasattr(owner, name.strip("."))


@pytest.mark.parametrize(
    ("before", "codes"),
    [
        ("a code of throttling:", THROTTLING_CODES),
        ("a code of a transient fault:", TRANSIENT_CODES),
        ("**Expired credentials**", _EXPIRED),
    ],
)
def test_the_lists_of_codes_are_whole(before: str, codes: frozenset[str]) -> None:
    """The page's lists of codes are those of the code."""
    listed = re.split(r"[;.)]", RETRIES.read_text().partition(before)[2])[0]
    assert codes == set(re.findall(r"`(\w+)`", listed))


def test_the_statuses_are_right() -> None:
    """The page's retried statuses are those of the code."""
    found = re.search(r"HTTP status ([\d, or]+), and 429", RETRIES.read_text())
    assert found
    assert TRANSIENT_STATUSES == {int(status) for status in re.findall(r"\d+", found[1])}


def test_transient_codes_have_classes() -> None:
    """Every retried code raises a class that the page explains."""
    assert THROTTLING_CODES | TRANSIENT_CODES <= COMMON_CODES.keys()


def test_the_bounds_have_their_defaults() -> None:
    """The table of limits has the defaults of the policy."""
    documented = {
        codes(cell)[0]: default for cell, _, default in table(RETRIES, "| | what it bounds")
    }
    policy = RetryPolicy()
    assert documented["RetryPolicy(max_attempts=…)"] == str(policy.max_attempts)
    assert documented["RetryPolicy(max_delay=…)"] == f"{policy.max_delay:g}"
    assert documented["RetryPolicy(total_timeout=…)"] == "no limit"
    assert policy.total_timeout is None
