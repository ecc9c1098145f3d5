"""Endpoint URLs of services in regions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, unquote, urlsplit

from ..errors import InvalidEndpointError, InvalidRegionError
from .operation import Service

_HOST_LABEL = re.compile(r"(?!xn--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LONGEST_HOST = 253
_HOST_AND_PORT = re.compile(r"(\[[^\[\]]*\]|[^\[\]:]*)(?::([0-9]{0,5}))?")
_LIKE_IPV4 = re.compile(r"[0-9.]+")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ALLOWED_IN_PATHS = "!$%&'()*+,/:;=@[]^|\\~"

LONGEST_URL = 2048
"""Maximum length of a URL in a setting, in characters. HTTP libraries have limits of their own."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A part of AWS with its own accounts and host names, such as China's."""

    id: str
    regions: frozenset[str]
    region_pattern: str
    """Regular expression for regions that the list does not have yet."""
    dns_suffix: str
    dual_stack_dns_suffix: str
    supports_fips: bool
    supports_dual_stack: bool


def check_region(region: str, source: str = "the argument region=") -> str:
    """Return the region. Raise InvalidRegionError unless it can be part of a host name.

    ``source`` names the place of the setting, for the message.
    """
    if not _HOST_LABEL.fullmatch(region):
        raise InvalidRegionError(
            f"{region[:80]!r} from {source} is not a region: it must be 1 to 63 letters, "
            "digits and inner hyphens, such as 'us-east-1'"
        )
    return region


def partition_of(region: str, partitions: Iterable[Partition]) -> Partition:
    """Return the partition of a region; the first one, ``aws``, for an unknown region."""
    known = tuple(partitions)
    listed = (p for p in known if region in p.regions)
    alike = (p for p in known if re.search(p.region_pattern, region))
    return next(listed, None) or next(alike, known[0])


def service_url(
    service: Service, region: str, partition: Partition, *, fips: bool, dual_stack: bool
) -> str:
    """Return AWS's own endpoint of the service in the region.

    Raise InvalidEndpointError if the partition has no FIPS or dual-stack endpoints.
    """
    if fips and not partition.supports_fips:
        raise InvalidEndpointError(f"partition {partition.id!r} has no FIPS endpoints")
    if dual_stack and not partition.supports_dual_stack:
        raise InvalidEndpointError(f"partition {partition.id!r} has no dual-stack endpoints")
    suffix = partition.dual_stack_dns_suffix if dual_stack else partition.dns_suffix
    fips_mark = "-fips" if fips else ""
    return f"https://{service.host_prefix}{service.id}{fips_mark}.{region}.{suffix}"


def with_host_prefix(url: str, service_prefix: str, prefix: str) -> str:
    """Return AWS's own endpoint of a service for an operation whose host has another prefix."""
    return url.replace(f"https://{service_prefix}", f"https://{prefix}", 1)


def check_endpoint(url: str, source: str) -> str:
    """Return the custom endpoint without a trailing slash.

    Raise InvalidEndpointError unless it is a plain http or https URL.
    """
    wrong = _fault_of(url)
    if wrong:
        raise InvalidEndpointError(f"the endpoint URL from {source} {wrong}")
    return url.rstrip("/")


def as_sent(url: str) -> tuple[str, str]:
    """Return a URL below a checked endpoint in the form that is sent and signed, and its host.

    Scheme and host are in lower case, the scheme's own port is left out, and what a path can't
    hold is encoded.
    """
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    if parts.port not in (None, _DEFAULT_PORTS[parts.scheme]):
        host = f"{host}:{parts.port}"
    path = quote(parts.path, safe=_ALLOWED_IN_PATHS)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{host}{path}{query}", host


def _fault_of(url: str) -> str | None:
    if len(url) > LONGEST_URL:
        return f"has {len(url)} characters, and at most {LONGEST_URL} are allowed"
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return "has a character that no URL can hold"
    try:
        parts = urlsplit(url)
    except ValueError:
        return "is not a URL"
    if parts.scheme not in ("http", "https"):
        return "must begin with http:// or https://"
    if "@" in parts.netloc:
        return "must not have a user name or a password in it"
    if not is_host_and_port(parts.netloc):
        return "has no usable host or port"
    if "?" in url or "#" in url:
        return "must not have a query or a fragment"
    if any(unquote(part) in (".", "..") for part in parts.path.split("/")):
        return "must not have dot segments in its path"
    return None


def is_host_and_port(text: str, label: re.Pattern[str] = _HOST_LABEL) -> bool:
    """Return whether the text is a host, with or without a port.

    ``label`` matches one label of a host name.
    """
    match = _HOST_AND_PORT.fullmatch(text)
    if match is None:
        return False
    host, port = match.groups()
    return is_host(host, label) and (not port or 0 < int(port) < 2**16)


def is_host(host: str, label: re.Pattern[str] = _HOST_LABEL) -> bool:
    """Return whether the text is a host name or an IP address; IPv6 in brackets."""
    try:
        if host.startswith("["):
            return bool(IPv6Address(host[1:-1]))
        if _LIKE_IPV4.fullmatch(host):
            return bool(IPv4Address(host))
    except ValueError:
        return False
    return len(host) <= _LONGEST_HOST and all(
        map(label.fullmatch, host.removesuffix(".").split("."))
    )
