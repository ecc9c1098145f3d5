"""docs/guide/configuration.md: its table of settings matches the code."""

from __future__ import annotations

import re
from typing import Any

import pytest

from omics_tasks import ECSClient, NoRegionError, RetryPolicy
from omics_tasks._io import settings
from omics_tasks._io.profiles import PROFILE_VARIABLES, Profile
from omics_tasks._io.settings import Setting
from omics_tasks.config import ClientOptions, resolve
from omics_tasks.deadline.operations import DEADLINE
from omics_tasks.ecs.operations import ECS
from omics_tasks.healthomics.operations import HEALTHOMICS

from .pages import DOCS, codes, table

ROWS = table(DOCS / "guide" / "configuration.md", "| argument | environment")
SETTINGS = [value for value in vars(settings).values() if isinstance(value, Setting)]


def row_of(name: str, variable: str) -> list[str]:
    """Return the row with a variable, which is about ``name`` or about the row above."""
    (row,) = [row for row in ROWS if variable in codes(row[1])]
    assert not codes(row[0]) or name in codes(row[0])
    return row


def test_every_argument_has_a_row() -> None:
    """The first column has every argument of a client."""
    named = [name for row in ROWS for name in codes(row[0])]
    assert {*ClientOptions.__annotations__, "transport"} == set(named)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_sources_of_settings(setting: Setting[Any]) -> None:
    """A row has the variables of its setting in their order, and its profile key."""
    _, environment, key, _ = row_of(setting.name, setting.variables[0])
    assert list(setting.variables) == codes(environment)
    assert [setting.key] == codes(key)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_precedence_of_sources(setting: Setting[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The argument precedes the variables, in their order, and these precede the profile."""
    sample = {"max_attempts": "7", "retry_mode": "standard"}.get(setting.key, "true")
    profile = Profile(settings={setting.key: sample})
    assert setting.parse(sample) == setting.find(None, profile)
    # From the last place to the first: each is looked at before those that are set already.
    for variable in reversed(codes(row_of(setting.name, setting.variables[0])[1])):
        monkeypatch.setenv(variable, "")
        assert setting.find(None, profile) is not None
        text = variable if setting.parse is str else sample
        monkeypatch.setenv(variable, text)
        assert setting.parse(text) == setting.find(None, Profile(settings={setting.key: "unread"}))
    assert "given" == setting.find("given", profile)


def test_variables_of_endpoints_are_the_services() -> None:
    """The row of the endpoint has each service's variable, and the general one last."""
    services = [f"AWS_ENDPOINT_URL_{each.id.upper()}" for each in (HEALTHOMICS, ECS, DEADLINE)]
    (row,) = [row for row in ROWS if "`endpoint_url`" in row[0]]
    assert [*services, "AWS_ENDPOINT_URL"] == codes(row[1])


def test_variables_of_the_profile_are_the_files() -> None:
    """The row of the profile has the variables that name one, in their order."""
    (row,) = [row for row in ROWS if "`profile`" in row[0]]
    assert list(PROFILE_VARIABLES) == codes(row[1])


def test_the_defaults_are_the_tables() -> None:
    """The last column has the defaults of a client with a region only."""
    documented = {" ".join(row[:2]): row[3] for row in ROWS}
    came_to, _ = resolve(ECS, {"region": "us-east-1"})
    connect, read = came_to.connect_timeout, came_to.read_timeout
    assert (
        documented["`timeout` "] == f"{connect:.0f} seconds to connect, {read:.0f} to wait for more"
    )
    assert documented["`retries`: attempts `AWS_MAX_ATTEMPTS`"] == (
        f"{RetryPolicy().max_attempts} attempts"
    )
    assert "https://ecs.us-east-1.amazonaws.com" == came_to.endpoint_url
    assert came_to.verify is True


def test_places_in_the_error_are_in_the_table() -> None:
    """The error for a missing region names the places in its row, in their order."""
    with pytest.raises(NoRegionError) as caught:
        ECSClient()
    (row,) = [row for row in ROWS if "`region`" in row[0]]
    looked_at = re.findall(r"AWS_\w*REGION", str(caught.value))
    assert codes(row[1]) == looked_at
