"""The source of AWS's partitions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from botocore.loaders import Loader

from omics_tasks import ConfigurationError, ECSClient
from omics_tasks._io.partitions import load_partitions


@pytest.fixture(autouse=True)
def _clear_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    load_partitions.cache_clear()


def write_own(home: Path, content: bytes) -> Path:
    file = home / ".aws" / "models" / "partitions.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    return file


def test_they_are_botocores() -> None:
    """The partitions are those of botocore's loader, in its order."""
    theirs = Loader().load_data("partitions")["partitions"]
    assert [entry["id"] for entry in theirs] == [found.id for found in load_partitions()]
    assert [set(entry["regions"]) for entry in theirs] == [
        found.regions for found in load_partitions()
    ]


def test_a_users_own_come_first(tmp_path: Path) -> None:
    """A file in the home directory replaces them, as in botocore's loader."""
    partitions = Loader().load_data("partitions")["partitions"]
    own = {"partitions": [{**partitions[0], "id": "own"}]}
    write_own(tmp_path, json.dumps(own).encode())
    assert ["own"] == [found.id for found in load_partitions()]
    load_partitions.cache_clear()


def changed(**changes: object) -> bytes:
    """Return botocore's partitions with changed values in the first one; None removes a value."""
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
def test_a_broken_file_of_the_user(tmp_path: Path, content: bytes) -> None:
    """An invalid file is an error with its path when a client is made."""
    file = write_own(tmp_path, content)
    with pytest.raises(ConfigurationError, match=f"'{file}'.*repair it or remove it"):
        ECSClient(region="us-east-1")
