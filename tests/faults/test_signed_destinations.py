"""Signing transports without a given transport send requests as the clients do."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
import trustme

from omics_tasks import AsyncSigV4Transport, ConfigurationError, SigV4Transport

from ..asking import CREDENTIALS
from ..client_factory import configuration_error
from .server import Plan, RawServer, http

Get = Callable[..., list[int]]


def signing(cls: Any, **options: Any) -> Any:
    return cls("omics", "us-east-1", credentials=CREDENTIALS, **options)


def get_sync(*urls: str, **options: Any) -> list[int]:
    with httpx.Client(transport=signing(SigV4Transport, **options)) as client:
        return [client.get(url).status_code for url in urls]


def get_async(*urls: str, **options: Any) -> list[int]:
    async def getting() -> list[int]:
        transport = signing(AsyncSigV4Transport, **options)
        async with httpx.AsyncClient(transport=transport) as client:
            return [(await client.get(url)).status_code for url in urls]

    return asyncio.run(getting())


@pytest.fixture(params=[get_sync, get_async], ids=["sync", "async"])
def get(request: pytest.FixtureRequest) -> Get:
    """Get URLs through one signing transport, close it, and return the statuses."""
    chosen: Get = request.param
    return chosen


def ok(number: int, request: bytes) -> Plan:
    del number, request
    return [http()]


def has_no_connections(server: RawServer) -> bool:
    """Return whether all connections have closed within a generous time."""
    end = time.monotonic() + 10
    while server.open_connections and time.monotonic() < end:
        time.sleep(0.01)
    return server.open_connections == 0


def test_proxies_from_the_environment(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTP_PROXY is used except for hosts in NO_PROXY and on this machine."""
    with RawServer(ok) as proxy, RawServer(ok) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "0.0.0.0")
        spared = server.url.replace("127.0.0.1", "0.0.0.0")  # a connection to it comes here as well
        assert [200] * 4 == get("http://a.invalid/x", server.url, spared, "http://a.invalid/y")
        lines = [request.split(b"\r\n", 1)[0] for request in proxy.requests]
        assert [b"GET http://a.invalid/x HTTP/1.1", b"GET http://a.invalid/y HTTP/1.1"] == lines
        assert 2 == len(server.requests)
        assert all(b"AWS4-HMAC-SHA256" in request for request in proxy.requests + server.requests)
        assert (1, 2) == (proxy.connections, server.connections)
        assert has_no_connections(proxy)
        assert has_no_connections(server)


def test_a_proxy_per_scheme(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTPS has a proxy of its own, which receives a CONNECT request."""
    with RawServer(ok) as plain, RawServer(lambda *_: [http(502)]) as tunnel:
        monkeypatch.setenv("http_proxy", plain.url)
        monkeypatch.setenv("https_proxy", tunnel.url)
        assert [200] == get("http://a.invalid")
        with pytest.raises(httpx.ProxyError):
            get("https://a.invalid")
        assert tunnel.requests[0].startswith(b"CONNECT a.invalid:443 ")


def test_invalid_proxies(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    """An invalid proxy URL is an error with the name of the variable."""
    monkeypatch.setenv("HTTP_PROXY", "host:x")
    with pytest.raises(ConfigurationError, match="the proxy from HTTP_PROXY"):
        get("http://a.invalid")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.mark.parametrize("how", ["variable", "default profile", "profile", "session"])
def test_ca_bundles(
    get: Get, how: str, tls: ssl.SSLContext, authority: trustme.CA,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """AWS_CA_BUNDLE and the ca_bundle of the profile or session set the trusted certificates."""
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    options: dict[str, Any] = {}
    if how == "variable":
        monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    elif how == "default profile":
        (tmp_path / "config").write_text(f"[default]\nca_bundle = {bundle}\n")
    else:
        (tmp_path / "config").write_text(f"[profile p]\nca_bundle = {bundle}\n")
        is_session = how == "session"
        options = {how: boto3.Session(profile_name="p") if is_session else "p"}
    with RawServer(ok, tls) as server:
        assert [200] == get(server.url, **options)


def test_untrusted_certificates(get: Get, tls: ssl.SSLContext) -> None:
    """By default, certificates are checked against the usual authorities."""
    with RawServer(ok, tls) as server:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE"):
            get(server.url)
        assert [] == server.requests


@pytest.mark.parametrize("cls", [SigV4Transport, AsyncSigV4Transport])
def test_invalid_ca_bundles(cls: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An invalid bundle is an error when a transport without a given transport is made."""
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "none.pem"))
    assert "AWS_CA_BUNDLE" in configuration_error(lambda: signing(cls))
    (tmp_path / "none.pem").write_text("no certificate")
    assert "none.pem' holds no usable PEM certificates" in configuration_error(lambda: signing(cls))
    signing(cls, transport=httpx.MockTransport(lambda _: httpx.Response(200)))
