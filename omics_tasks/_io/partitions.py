"""botocore's list of AWS's partitions: a new region comes with a new botocore."""

from __future__ import annotations

from functools import cache

from .._core.endpoints import Partition


@cache
def load_partitions() -> tuple[Partition, ...]:
    """All partitions, ``aws`` first."""
    from botocore.loaders import Loader  # noqa: PLC0415 - of no use with a custom endpoint

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
        for entry in Loader().load_data("partitions")["partitions"]
    )
