"""TLS certificates and proxies, as configured on this machine."""

from __future__ import annotations

import os
import re
import ssl
import sys
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .._core.endpoints import LONGEST_URL, is_host_and_port
from ..errors import ConfigurationError
from .paths import find_path, is_readable
from .profiles import Profile
from .settings import VERIFY

# Elsewhere proxies are in variables alone.
_HAVE_PROXY_SETTINGS = ("darwin", "win32")
_PROXY_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")


def find_certificates(argument: bool | str | Path | None, profile: Profile) -> bool | Path:
    """Return the setting for the verification of TLS certificates.

    True stands for the default CA certificates, False for no verification, a path for a file or
    folder of CA certificates. Raise ConfigurationError for an unusable path.
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
    """Raise ConfigurationError for an SSLKEYLOGFILE that the ``ssl`` module couldn't open."""
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


def tls_context(url: str, verify: bool | Path) -> ssl.SSLContext:
    """Return the TLS context.

    Raise ConfigurationError for a file or folder without usable certificates.
    """
    if url.startswith("http://"):
        return _unchecked()  # there is nothing to verify, and loading CA certificates takes time
    place = f"the argument verify=, {VERIFY.variables[0]} or the profile's {VERIFY.key}"
    if verify is True:
        place = next(filter(os.environ.get, ("SSL_CERT_FILE", "SSL_CERT_DIR")), "")
        if not place:
            return _default_context()
        verify = _certificates(os.environ[place], place)
    if verify is False:
        return _unchecked()
    try:
        if verify.is_dir():
            return ssl.create_default_context(capath=str(verify))
        return ssl.create_default_context(cafile=str(verify))
    except (ssl.SSLError, OSError) as error:
        raise ConfigurationError(
            f"{str(verify)!r} holds no usable PEM certificates: {error}; it is named by {place}"
        ) from error


def _default_context() -> ssl.SSLContext:
    # httpx and httpcore bring it, and trust by default what it has.
    import certifi  # noqa: PLC0415 - needed for TLS alone

    return ssl.create_default_context(cafile=certifi.where())


def _unchecked() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _names_a_proxy(variables: Iterable[str]) -> bool:
    return any(name.lower().endswith("_proxy") for name in variables)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def proxy_for(url: str) -> str | None:
    """Return the proxy for a URL from HTTP(S)_PROXY, ALL_PROXY and NO_PROXY; None for no proxy.

    A loopback address never goes through a proxy, where it would mean another machine. Raise
    ConfigurationError for an invalid proxy URL, or one that is not http or https.
    """
    parts = urlsplit(url)
    if _is_loopback(parts.hostname or ""):
        return None
    if sys.platform not in _HAVE_PROXY_SETTINGS and not _names_a_proxy(os.environ):
        return None
    from urllib.request import getproxies, proxy_bypass  # noqa: PLC0415 - it loads http.client

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
            f"http://proxy.example:3128, or add {parts.hostname} to no_proxy, or pass a "
            "transport="
        )
    return url_of_proxy


def split_proxy(url: str) -> tuple[str, tuple[str, str], str]:
    """Return a proxy's scheme, the user name and the password for it, and its host and port."""
    scheme, _, rest = url.partition("://")
    user_info, _, host_and_port = re.split("[/?#]", rest, maxsplit=1)[0].rpartition("@")
    user, _, password = user_info.partition(":")
    return scheme.lower(), (unquote(user), unquote(password)), host_and_port


def _source_of_proxy(kind: str, proxy: str) -> str:
    """Return the name of the variable that sets the proxy; macOS and Windows may use none."""
    named = (name for name, value in os.environ.items() if value == proxy)
    return next((n for n in named if n.lower() == f"{kind}_proxy"), "the system's settings")


def _fault_of_proxy(url: str) -> str | None:
    """Return the problem of the URL, without the URL itself, which may hold a password."""
    if len(url) > LONGEST_URL:
        return f"has {len(url)} characters, and at most {LONGEST_URL} are allowed"
    if not url.isprintable():
        return "has a character that no URL can hold"
    scheme, (user, _), host_and_port = split_proxy(url)
    if scheme not in ("http", "https"):
        return "is not an http or https URL"
    if not is_host_and_port(host_and_port, _PROXY_LABEL):
        return (
            "has no usable host or port; special characters in a user name or a password must be "
            "percent-encoded"
        )
    if ":" in user:
        return "has a colon in its user name, which basic authentication does not allow"
    return None
