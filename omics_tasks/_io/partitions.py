"""botocore's list of AWS partitions: a new version of botocore adds new regions."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from .._core.endpoints import Partition, is_host
from ..errors import ConfigurationError


@cache
def load_partitions() -> tuple[Partition, ...]:
    """Return all partitions, ``aws`` first.

    Raise ConfigurationError if the user's own list of them is invalid.
    """
    # botocore's loader reads the same file, but importing it takes as long as this whole library.
    own = os.path.expanduser("~/.aws/models/partitions.json")  # noqa: PTH111 - never raises
    if not os.path.isfile(own):  # noqa: PTH113 - never raises, as in another user's home folder
        return _parse(files("botocore").joinpath("data", "partitions.json").read_bytes())
    try:
        return _parse(Path(own).read_bytes())
    except (OSError, ValueError, LookupError, TypeError, RecursionError, re.error) as error:
        raise ConfigurationError(
            f"{own!r}, which overrides botocore's own list of partitions, can't be used: "
            f"{type(error).__name__}: {error}; repair it or remove it"
        ) from error


def _parse(text: bytes) -> tuple[Partition, ...]:
    partitions = tuple(map(_partition, json.loads(text)["partitions"]))
    if not partitions:
        raise ValueError("it has no partitions")
    return partitions


def _partition(entry: Any) -> Partition:
    outputs = entry["outputs"]
    texts = [entry["id"], entry["regionRegex"], outputs["dnsSuffix"], outputs["dualStackDnsSuffix"]]
    flags = [outputs["supportsFIPS"], outputs["supportsDualStack"]]
    if not (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(flag, bool) for flag in flags)
        and isinstance(entry["regions"], dict)
    ):
        raise ValueError(f"a value of partition {entry['id']!r} has the wrong type")
    if not all(map(is_host, texts[2:])):
        raise ValueError(f"a DNS suffix of partition {entry['id']!r} is not a valid host name")
    re.compile(entry["regionRegex"])
    return Partition(entry["id"], frozenset(entry["regions"]), *texts[1:], *flags)
