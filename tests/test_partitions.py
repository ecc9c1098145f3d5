"""Where AWS's partitions come from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from botocore.loaders import Loader

from omics_tasks._io.partitions import load_partitions


@pytest.fixture(autouse=True)
def _read_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    load_partitions.cache_clear()


def test_they_are_botocores() -> None:
    """They are those that botocore's own loader loads, in its order."""
    theirs = Loader().load_data("partitions")["partitions"]
    assert [entry["id"] for entry in theirs] == [found.id for found in load_partitions()]
    assert [set(entry["regions"]) for entry in theirs] == [
        found.regions for found in load_partitions()
    ]


def test_a_users_own_come_first(tmp_path: Path) -> None:
    """A file in the home directory, where botocore's loader looks first, stands in for them."""
    partitions = Loader().load_data("partitions")["partitions"]
    models = tmp_path / ".aws" / "models"
    models.mkdir(parents=True)
    own = {"partitions": [{**partitions[0], "id": "own"}]}
    (models / "partitions.json").write_text(json.dumps(own))
    assert ["own"] == [found.id for found in load_partitions()]
    load_partitions.cache_clear()
