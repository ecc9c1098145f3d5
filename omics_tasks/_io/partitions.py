"""botocore's list of AWS's partitions: a new region comes with a new botocore."""

from __future__ import annotations

import json
import os
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from .._core.endpoints import Partition


@cache
def load_partitions() -> tuple[Partition, ...]:
    """All partitions, ``aws`` first."""
    return tuple(
        Partition(
            id=entry["id"],
            regions=frozenset(entry["regions"]),
            region_pattern=entry["regionRegex"],
            dns_suffix=entry["outputs"]["dnsSuffix"],
            dual_stack_dns_suffix=entry["outputs"]["dualStackDnsSuffix"],
            supports_fips=entry["outputs"]["supportsFIPS"],
            supports_dual_stack=entry["outputs"]["supportsDualStack"],
        )
        for entry in _read()["partitions"]
    )


def _read() -> Any:
    """What botocore's loader reads; to import that takes as long as all of this library does."""
    own = Path(os.path.expanduser("~/.aws/models/partitions.json"))  # noqa: PTH111 - never raises
    shipped = files("botocore").joinpath("data", "partitions.json")
    return json.loads((own if own.is_file() else shipped).read_bytes())
