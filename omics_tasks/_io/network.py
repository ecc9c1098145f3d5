"""TLS and proxies, as the machine and its user have set them up."""

from __future__ import annotations

import ssl
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from ..errors import ConfigurationError


def tls_context(url: str, verify: bool | Path) -> ssl.SSLContext | bool:
    """What certificates are checked against. Raises ConfigurationError for an unusable file."""
    if url.startswith("http://"):
        return False  # there are none to check, and reading the trusted ones takes time
    if isinstance(verify, bool):
        return verify
    try:
        if verify.is_dir():
            return ssl.create_default_context(capath=str(verify))
        return ssl.create_default_context(cafile=str(verify))
    except (ssl.SSLError, OSError) as error:
        raise ConfigurationError(f"verify: {verify} can't be used: {error}") from error


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
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.netloc):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    if not proxy.startswith(("http://", "https://")):
        raise ConfigurationError(
            f"the environment's proxy for {url} is no http or https URL: set {parts.scheme}_proxy "
            "or all_proxy to one, or no_proxy to spare the host, or give a transport="
        )
    return proxy
