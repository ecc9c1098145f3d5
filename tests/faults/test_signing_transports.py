"""The transport that a signing transport makes itself keeps to the clients' settings."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from omics_tasks import AsyncSigV4Transport, ConfigurationError, SigV4Transport

from ..asking import CREDENTIALS
from .server import RawServer
from .test_destinations import authority, ok, tls

__all__ = ["authority", "tls"]


def get_sync(*urls: str, **options: Any) -> list[int]:
    transport = SigV4Transport("execute-api", "us-east-1", credentials=CREDENTIALS, **options)
    with httpx.Client(transport=transport) as client:
        return [client.get(url).status_code for url in urls]


def get_async(*urls: str, **options: Any) -> list[int]:
    async def getting() -> list[int]:
        transport = AsyncSigV4Transport(
            "execute-api", "us-east-1", credentials=CREDENTIALS, **options
        )
        async with httpx.AsyncClient(transport=transport) as client:
            return [(await client.get(url)).status_code for url in urls]

    return asyncio.run(getting())


@pytest.fixture(params=[get_sync, get_async], ids=["sync", "async"])
def get(request: pytest.FixtureRequest) -> Any:
    """Gets URLs through a signing transport of either kind."""
    return request.param


def test_the_environments_proxy_is_used(get: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests go through the proxy, signed, but those that NO_PROXY or the loopback spares."""
    with RawServer(ok) as proxy, RawServer(ok) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert [200, 200] == get("http://api.invalid/x", server.url)
        assert [1, 1] == [len(proxy.requests), len(server.requests)]
        assert b"GET http://api.invalid/x " in proxy.requests[0]
        assert b"authorization: aws4-hmac-sha256 " in proxy.requests[0].lower()


def test_a_proxy_that_is_no_url_is_refused(get: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the variable, as that of a client does."""
    monkeypatch.setenv("https_proxy", "http://a b")
    with pytest.raises(ConfigurationError, match="https_proxy"):
        get("https://api.invalid")


@pytest.mark.parametrize("how", ["variable", "profile", "chosen profile"])
def test_the_certificates_are_the_clients(
    get: Any, how: str, tls: ssl.SSLContext, authority: trustme.CA,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """AWS_CA_BUNDLE and the profile's ca_bundle name what to trust; without, it isn't trusted."""
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    options: dict[str, Any] = {}
    with RawServer(ok, tls) as server:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE"):
            get(server.url)
        if how == "variable":
            monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
        else:
            name = "default" if how == "profile" else "profile other"
            (tmp_path / "config").write_text(f"[{name}]\nca_bundle = {bundle}\n")
            options = {"profile": "other"} if how == "chosen profile" else {}
        assert [200] == get(server.url, **options)


def test_certificates_that_are_not_there_are_refused(
    get: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error comes when the transport is made, and names the variable."""
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere.pem")
    with pytest.raises(ConfigurationError, match="AWS_CA_BUNDLE"):
        get("https://api.invalid")
