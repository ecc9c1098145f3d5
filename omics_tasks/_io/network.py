"""TLS and proxies, as the machine and its user have set them up."""

from __future__ import annotations

import os
import re
import ssl
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from .._core.endpoints import LONGEST_URL, is_host_and_port
from ..errors import ConfigurationError
from .paths import find_path, is_readable
from .profiles import Profile
from .settings import VERIFY

_PROXY_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")


def find_certificates(argument: bool | str | Path | None, profile: Profile) -> bool | Path:
    """Return what TLS certificates are to be checked against.

    True stands for the default ones, False for no check. Raises ConfigurationError for a path that
    can't be used.
    """
    _check_key_log()
    verify, place = VERIFY.find_with_place(argument, profile)
    if verify is None or isinstance(verify, bool):
        return verify is not False
    return _certificates(str(verify), place)


def _certificates(text: str, place: str) -> Path:
    path = find_path(text, place)
    if path is None:
        raise ConfigurationError(
            f"there is no certificate file or folder {text[:80]!r}, which {place} names"
        )
    if not is_readable(path):
        raise ConfigurationError(f"this process may not read {text[:80]!r}, which {place} names")
    return path


def _check_key_log() -> None:
    """Raise ConfigurationError for a file of TLS keys that the ``ssl`` module couldn't open."""
    path = os.environ.get("SSLKEYLOGFILE")
    if not path:
        return
    try:
        Path(path).open("a").close()
    except OSError as error:
        raise ConfigurationError(
            f"SSLKEYLOGFILE is {path[:80]!r}, which can't be written: {error.strerror}; "
            "name another file, or unset it"
        ) from error


def tls_context(url: str, verify: bool | Path) -> ssl.SSLContext | bool:
    """What certificates are checked against. Raises ConfigurationError for an unusable file."""
    if url.startswith("http://"):
        return False  # there are none to check, and reading the trusted ones takes time
    place = f"the argument verify=, {VERIFY.variables[0]} or the profile's {VERIFY.key}"
    if verify is True:
        place = next(filter(os.environ.get, ("SSL_CERT_FILE", "SSL_CERT_DIR")), "")
        if not place:
            return True
        verify = _certificates(os.environ[place], place)
    if verify is False:
        return False
    try:
        if verify.is_dir():
            return ssl.create_default_context(capath=str(verify))
        return ssl.create_default_context(cafile=str(verify))
    except (ssl.SSLError, OSError) as error:
        raise ConfigurationError(
            f"{str(verify)!r} holds no PEM certificates that can be used: {error}; "
            f"it is named by {place}"
        ) from error


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def proxy_for(url: str) -> str | None:
    """The environment's proxy for the endpoint: HTTP(S)_PROXY or ALL_PROXY, less NO_PROXY.

    This machine itself is never asked for through a proxy, whose loopback would be another. Raises
    ConfigurationError for a proxy that isn't spoken to in HTTP.
    """
    parts = urlsplit(url)
    if _is_loopback(parts.hostname or ""):
        return None
    proxies = getproxies()
    kind = parts.scheme if proxies.get(parts.scheme) else "all"
    proxy = proxies.get(kind)
    if not proxy or proxy_bypass(parts.netloc):
        return None
    url_of_proxy = proxy if "://" in proxy else f"http://{proxy}"
    fault = _fault_of_proxy(url_of_proxy)
    if fault:
        raise ConfigurationError(
            f"the proxy from {_source_of_proxy(kind, proxy)} {fault}; set it to a URL such as "
            f"http://proxy.example:3128, or set no_proxy to spare {parts.hostname}, or give a "
            "transport="
        )
    return url_of_proxy


def _source_of_proxy(kind: str, proxy: str) -> str:
    """Return the variable that has the proxy; elsewhere than on Linux it may be none."""
    named = (name for name, value in os.environ.items() if value == proxy)
    return next((n for n in named if n.lower() == f"{kind}_proxy"), "the system's settings")


def _fault_of_proxy(url: str) -> str | None:
    """Return what is wrong with the URL, without showing it: it may hold a password."""
    if len(url) > LONGEST_URL:
        return f"has {len(url)} characters, and at most {LONGEST_URL} are allowed"
    if not url.isprintable():
        return "has a character that no URL can hold"
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in ("http", "https"):
        return "is no http or https URL"
    user_info, _, host_and_port = re.split("[/?#]", rest, maxsplit=1)[0].rpartition("@")
    if not is_host_and_port(host_and_port, _PROXY_LABEL):
        return (
            "has no usable host or port; special characters in a user name or a password must be "
            "percent-encoded"
        )
    if ":" in unquote(user_info.partition(":")[0]):
        return "has a colon in its user name, which no proxy can be told"
    return None
