"""Where AWS's partitions come from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from botocore.loaders import Loader

from omics_tasks import ConfigurationError, ECSClient
from omics_tasks._io.partitions import load_partitions


@pytest.fixture(autouse=True)
def _read_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    load_partitions.cache_clear()


def write_own(home: Path, content: bytes) -> Path:
    file = home / ".aws" / "models" / "partitions.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    return file


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
    own = {"partitions": [{**partitions[0], "id": "own"}]}
    write_own(tmp_path, json.dumps(own).encode())
    assert ["own"] == [found.id for found in load_partitions()]
    load_partitions.cache_clear()


def changed(**changes: object) -> bytes:
    """botocore's list, with other values in its first partition; None takes one away."""
    first, *others = Loader().load_data("partitions")["partitions"]
    outputs = {**first["outputs"], **{k: v for k, v in changes.items() if k in first["outputs"]}}
    entry = {**first, **{k: v for k, v in changes.items() if k in first}, "outputs": outputs}
    for part in (entry, outputs):
        for name in [name for name in part if changes.get(name, ...) is None]:
            del part[name]
    return json.dumps({"partitions": [entry, *others]}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"null", b"[]", b"{}", b'{"partitions": 1}', b'{"partitions": []}',
        b'{"partitions": [1]}', b'{"partitions": {"a": 1}}', b"\xff\xfe", b"[" * 100_000,
        changed(id=None), changed(id=1), changed(regions="us-east-1"), changed(regions=None),
        changed(regionRegex="("), changed(regionRegex=5), changed(dnsSuffix="a b"),
        changed(dnsSuffix=[]), changed(dualStackDnsSuffix="x/y"), changed(supportsFIPS="no"),
        changed(supportsDualStack=None),
    ],
    ids=lambda content: content[-90:].decode(errors="replace"),
)  # fmt: skip
def test_a_users_own_that_is_broken(tmp_path: Path, content: bytes) -> None:
    """It is refused with its path when a client is made, not by the first request to nowhere."""
    file = write_own(tmp_path, content)
    with pytest.raises(ConfigurationError, match=f"'{file}'.*repair it or remove it"):
        ECSClient(region="us-east-1")
