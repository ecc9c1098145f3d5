"""botocore's list of AWS's partitions: a new region comes with a new botocore."""

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

    Raises ConfigurationError where the user's own list of them is none.
    """
    # What botocore's loader reads; to import that takes as long as all of this library does.
    own = os.path.expanduser("~/.aws/models/partitions.json")  # noqa: PTH111 - never raises
    if not os.path.isfile(own):  # noqa: PTH113 - never raises, as in a home folder of another user's
        return _parse(files("botocore").joinpath("data", "partitions.json").read_bytes())
    try:
        return _parse(Path(own).read_bytes())
    except (OSError, ValueError, LookupError, TypeError, RecursionError, re.error) as error:
        raise ConfigurationError(
            f"{own!r}, which comes before botocore's own list of partitions, can't be used: "
            f"{type(error).__name__}: {error}; repair it or remove it"
        ) from error


def _parse(text: bytes) -> tuple[Partition, ...]:
    partitions = tuple(map(_partition, json.loads(text)["partitions"]))
    if not partitions:
        raise ValueError("there is no partition in it")
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
        raise ValueError(f"a DNS suffix of partition {entry['id']!r} is no end of a host name")
    re.compile(entry["regionRegex"])
    return Partition(entry["id"], frozenset(entry["regions"]), *texts[1:], *flags)
