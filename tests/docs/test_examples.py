"""Every Python block of the README and the documentation runs as it is."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from omics_tasks import DeadlineClient, ECSClient, HealthOmicsClient
from omics_tasks.testing import LocalAWS

from .pages import DOCS, PAGES, Block, blocks, name_of

BLOCKS = [block for page in PAGES for block in blocks(page)]
PYTHON = [block for block in BLOCKS if block.language == "python"]
NOT_RUN = re.compile(r"# Not run: \w+|# omics_tasks/")
"""Comments that open examples of another kind: those of a file are tested with their page."""
ON_THEIR_OWN = {DOCS / "guide" / name for name in ("configuration.md", "testing.md")}
"""Pages with self-contained examples, which use no account."""


def run(block: Block, names: dict[str, Any]) -> None:
    """Run a block, in which ``await`` works as in ``python -m asyncio``."""
    source = "\n" * (block.line - 1) + block.code  # so that a traceback names the page's line
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code = compile(source, str(block.page), "exec", flags, dont_inherit=True)
    awaitable = eval(code, names)
    if awaitable is not None:
        asyncio.run(awaitable)


@pytest.mark.parametrize(
    "block", [block for block in PYTHON if block.page in ON_THEIR_OWN], ids=lambda block: block.id
)
@pytest.mark.usefixtures("folder")
def test_example_runs(block: Block, aws: LocalAWS) -> None:
    """A self-contained example runs, and so does each test in it with its fixtures."""
    names: dict[str, Any] = {"__name__": "example"}
    run(block, names)
    tests: list[Callable[..., None]] = [
        value for name, value in names.items() if name.startswith("test_")
    ]
    for test in tests:
        test(**({"local_aws": aws} if "local_aws" in inspect.signature(test).parameters else {}))


@pytest.mark.parametrize(
    "block",
    [b for b in PYTHON if b.page not in ON_THEIR_OWN and not NOT_RUN.match(b.code)],
    ids=lambda block: block.id,
)
@pytest.mark.usefixtures("folder")
def test_example_runs_on_an_account(block: Block, account: Any) -> None:
    """An example that uses an account runs with clients named after their services."""
    with HealthOmicsClient() as omics, ECSClient() as ecs, DeadlineClient() as deadline:
        clients = {"omics": omics, "ecs": ecs, "deadline": deadline}
        run(block, {"__name__": "example", **clients, **account.names})


def test_python_is_marked_as_python() -> None:
    """No Python block is marked as another language or as none."""
    languages = {"console", "ini", "python", "sh", "text", "toml"}
    assert [] == [block.id for block in BLOCKS if block.language not in languages]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_fence_is_read(page: Path) -> None:
    """Every opened block is closed, at any indentation."""
    fences = re.findall(r"^ *```", page.read_text(), re.MULTILINE)
    assert len(fences) == 2 * len(list(blocks(page)))
