"""A client's settings: the options, their lookup and the resolved configuration.

The order of the lookup is the same for all: argument, environment variable, profile, default.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypedDict

from ._core.endpoints import check_endpoint, check_region, partition_of, service_url
from ._core.operation import Service
from ._core.rate_limiter import RateLimit
from ._core.retries import RetryPolicy
from ._io.credentials import CredentialsLike, CredentialSource, credential_source
from ._io.network import find_certificates
from ._io.partitions import load_partitions
from ._io.profiles import Profile, SessionLike, is_session, load_profile
from ._io.settings import (
    IGNORE_ENDPOINTS,
    MAX_ATTEMPTS,
    REGION,
    RETRY_MODE,
    USE_DUALSTACK,
    USE_FIPS,
)
from .errors import ConfigurationError, InvalidEndpointError, NoRegionError

__all__ = ["ClientConfig", "ClientOptions", "RateLimit", "RetryPolicy"]


class ClientOptions(TypedDict, total=False):
    """Keyword arguments of every client; all are optional.

    None means the default, except for ``rate_limit``, where it means no limit.
    """

    region: str | None
    """Region, such as ``us-east-1``."""
    profile: str | None
    """Name of a profile in the configuration files. It overrides credentials in the environment."""
    credentials: CredentialsLike | None
    """Credentials: any object with ``access_key``, ``secret_key`` and ``token``, or botocore's."""
    session: SessionLike | None
    """botocore or boto3 session that provides the credentials, region and profile."""
    endpoint_url: str | None
    """Custom http or https URL to send requests to, used unchanged, without a host prefix."""
    use_fips: bool | None
    """True to use AWS's FIPS 140 endpoints."""
    use_dualstack: bool | None
    """True to use AWS's dual-stack endpoints, which have IPv4 and IPv6 addresses."""
    verify: bool | str | Path | None
    """Path of a file or folder of CA certificates; False turns TLS verification off."""
    timeout: float | tuple[float, float] | None
    """Seconds for a whole attempt, or a pair of seconds: connect timeout and read timeout."""
    retries: RetryPolicy | None
    """Retry policy."""
    rate_limit: RateLimit | None
    """Maximum request rate; None for no limit. The default is the rate that AWS documents."""
    pickle_credentials: bool | None
    """True to let pickles of the client contain ``credentials`` and ``session``, with secrets."""


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """The resolved settings of a client."""

    region: str
    """Region of the client, such as ``us-east-1``."""
    endpoint_url: str
    """URL of the endpoint: AWS's own or a custom one.

    At AWS, a few operations have another host, with a prefix of its own.
    """
    is_custom_endpoint: bool
    """True if the endpoint was set, False if it is AWS's own."""
    verify: bool | Path
    """True for the system's or certifi's CA certificates, False for no verification, or a path."""
    connect_timeout: float
    """Connect timeout in seconds."""
    read_timeout: float
    """Read timeout: maximum seconds between two chunks of data."""
    attempt_timeout: float | None
    """Maximum seconds for a whole attempt; None for no limit."""
    retries: RetryPolicy
    """Retry policy."""
    rate_limit: RateLimit | None
    """Maximum request rate of each operation (in ECS, of all together); None for no limit."""


DEFAULT_TIMEOUT = 60.0


def resolve(service: Service, options: ClientOptions) -> tuple[ClientConfig, CredentialSource]:
    """Return the resolved settings of a client and the source of its credentials.

    Raise ConfigurationError for an invalid setting. Credentials are not loaded yet.
    """
    _check(options)
    session = options.get("session")
    if session is not None and options.get("profile"):
        raise ConfigurationError("pass either profile= or session=: a session has a profile")
    profile = load_profile(options.get("profile"), session)
    given = options.get("region")
    region, place = REGION.find_with_place(profile.region if given is None else given, profile)
    if region is None:
        raise NoRegionError(f"no region is set in any of {REGION.places(profile)}")
    check_region(region, place)
    timeout = options.get("timeout")
    connect, read = timeout if isinstance(timeout, tuple) else (timeout or DEFAULT_TIMEOUT,) * 2
    endpoint_url, is_custom = _endpoint(service, region, options, profile)
    config = ClientConfig(
        region=region,
        endpoint_url=endpoint_url,
        is_custom_endpoint=is_custom,
        verify=find_certificates(options.get("verify"), profile),
        connect_timeout=float(connect),
        read_timeout=float(read),
        attempt_timeout=None if isinstance(timeout, tuple) else timeout,
        retries=options.get("retries") or _retries(profile),
        rate_limit=options.get("rate_limit", service.rate_limit),
    )
    credentials = options.get("credentials")
    return config, credential_source(credentials, session, options.get("profile"), region)


# The type of each option, besides None: a wrong value could enable something, or fail much later.
_RULES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "region": (lambda value: isinstance(value, str), "a string"),
    "profile": (lambda value: isinstance(value, str), "a string"),
    "credentials": (
        # Only the names are checked: reading an attribute of botocore's credentials may fetch them.
        lambda value: set(dir(value)) >= {"access_key", "secret_key", "token"},
        "an object with access_key, secret_key and token",
    ),
    "session": (is_session, "a botocore or boto3 session"),
    "endpoint_url": (lambda value: isinstance(value, str), "a string"),
    "use_fips": (lambda value: isinstance(value, bool), "True or False"),
    "use_dualstack": (lambda value: isinstance(value, bool), "True or False"),
    "verify": (
        lambda value: isinstance(value, bool | Path) or (isinstance(value, str) and value != ""),
        "True, False or a path",
    ),
    "timeout": (
        lambda value: _is_seconds(value) or _is_pair_of_seconds(value),
        "a number of seconds above 0, or a pair of them",
    ),
    "retries": (lambda value: isinstance(value, RetryPolicy), "a RetryPolicy"),
    "rate_limit": (lambda value: isinstance(value, RateLimit), "a RateLimit"),
    "pickle_credentials": (lambda value: isinstance(value, bool), "True or False"),
}
_LONGEST = 10**6


def _is_seconds(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= _LONGEST


def _is_pair_of_seconds(value: Any) -> bool:
    match value:
        case (connect, read) if isinstance(value, tuple):
            return _is_seconds(connect) and _is_seconds(read)
        case _:
            return False


def _check(options: Mapping[str, object]) -> None:
    unknown = options.keys() - _RULES.keys()
    if unknown:
        known = ", ".join(_RULES)
        raise TypeError(f"unknown option {', '.join(sorted(unknown))}; a client takes {known}")
    for name, value in options.items():
        is_right, rule = _RULES[name]
        if value is not None and not is_right(value):
            shown = "" if name in ("credentials", "session") else f", not {value!r}"
            raise ConfigurationError(f"{name} must be {rule}{shown}")


def _endpoint(
    service: Service, region: str, options: ClientOptions, profile: Profile
) -> tuple[str, bool]:
    """Return the endpoint, and whether it is a custom one."""
    fips = bool(USE_FIPS.find(options.get("use_fips"), profile))
    dual_stack = bool(USE_DUALSTACK.find(options.get("use_dualstack"), profile))
    custom = _custom_endpoint(service, options, profile)
    if custom is None:
        partition = partition_of(region, load_partitions())
        return service_url(service, region, partition, fips=fips, dual_stack=dual_stack), False
    if fips or dual_stack:
        which = "use_fips" if fips else "use_dualstack"
        places = (USE_FIPS if fips else USE_DUALSTACK).places(profile)
        raise InvalidEndpointError(
            f"a custom endpoint (from {custom[0]}) can't be combined with {which}, "
            f"which is set in one of {places}"
        )
    return check_endpoint(custom[1], custom[0]), True


def _custom_endpoint(
    service: Service, options: ClientOptions, profile: Profile
) -> tuple[str, str] | None:
    """Return the place and the URL of a custom endpoint; None if none is set."""
    argument = options.get("endpoint_url")
    if argument is not None:
        return "the argument endpoint_url=", argument
    if IGNORE_ENDPOINTS.find(None, profile):
        return None
    return next(((place, url) for place, url in _configured(service, profile) if url), None)


def _configured(service: Service, profile: Profile) -> Iterator[tuple[str, str | None]]:
    """Yield the places of an endpoint URL after the argument, in order, with their values."""
    for variable in (f"AWS_ENDPOINT_URL_{service.id.upper()}", "AWS_ENDPOINT_URL"):
        yield variable, os.environ.get(variable)
    yield profile.of_service(service.id, "endpoint_url")
    yield profile.place("endpoint_url"), profile.text("endpoint_url")


def _retries(profile: Profile) -> RetryPolicy:
    RETRY_MODE.find(None, profile)
    attempts = MAX_ATTEMPTS.find(None, profile)
    policy = RetryPolicy()
    return policy if attempts is None else replace(policy, max_attempts=attempts)
