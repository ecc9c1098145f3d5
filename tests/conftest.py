"""Fixtures of all tests: no settings of this machine, and both kinds of client."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from omics_tasks import AsyncECSClient, ECSClient

from .asking import CREDENTIALS, Ask, ask_async, ask_sync
from .client_factory import Make

settings.register_profile("here", deadline=None, max_examples=50)
settings.register_profile("few", deadline=None, max_examples=3, phases=[Phase.generate])
settings.load_profile("here")


@pytest.hookimpl(optionalhook=True)  # xdist need not be there
def pytest_xdist_auto_num_workers() -> int:
    """Use 1.5 workers per processor, since a third of the suite's time is waiting."""
    processors = os.cpu_count() or 1
    return processors + processors // 2


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith("AWS_") or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(params=[ask_sync, ask_async], ids=["sync", "async"])
def ask(request: pytest.FixtureRequest) -> Ask:
    """Call a function with a sync client, and in a second run with an async one."""
    chosen: Ask = request.param
    return chosen


@pytest.fixture(params=[ECSClient, AsyncECSClient], ids=["sync", "async"])
def make(request: pytest.FixtureRequest) -> Make:
    """Make a client of either kind with a region and credentials."""
    return lambda **options: request.param(
        **{"region": "us-east-1", "credentials": CREDENTIALS, **options}
    )
