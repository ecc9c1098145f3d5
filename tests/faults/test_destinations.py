"""Requests go to the endpoint alone, over verified TLS."""

from __future__ import annotations

import ssl
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
import trustme

from omics_tasks import (
    ConfigurationError,
    ParamValidationError,
    ResponseError,
    RetryPolicy,
    SSLError,
)
from omics_tasks._io.network import proxy_for

from ..asking import Ask, Script, json_answer
from ..test_arguments import DEADLINE_IDS
from .server import Plan, RawServer, http

ONCE = RetryPolicy(max_attempts=1)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_redirects_are_never_followed(ask: Ask, status: int) -> None:
    """A redirect is an error, and the signature isn't sent to its target."""
    with RawServer(lambda *_: [http(200, {"id": "1"})]) as elsewhere:
        answer = http(status, b"", location=f"{elsewhere.url}/run/1")
        with (
            RawServer(lambda *_: [answer]) as server,
            pytest.raises(ResponseError, match=f"HTTP {status}"),
        ):
            ask(lambda c: c.get_run("1"), endpoint_url=server.url, retries=ONCE)
        assert ([], 1) == (elsewhere.requests, len(server.requests))


EVIL = ["../x", "..", "%2e%2e", "a/b", "a\nb", "a@b", "a#b", "a?b", "a b", "\\x", "\x00", "é", ""]


@pytest.mark.parametrize("text", EVIL)
def test_an_id_cannot_change_the_path(ask: Ask, text: str) -> None:
    """Ids that could change the path are errors before anything is sent."""
    script = Script(json_answer())
    questions: list[tuple[str, Any]] = [
        ("HealthOmics", lambda c: c.get_run(text)),
        ("HealthOmics", lambda c: c.get_run_task("1", text)),
        ("HealthOmics", lambda c: c.list_run_tasks(text)),
        *(
            ("Deadline", lambda c, name=name: c.get_task(**{**DEADLINE_IDS, name: text}))
            for name in DEADLINE_IDS
        ),
    ]
    for service, question in questions:
        with pytest.raises(ParamValidationError):
            ask(question, service, transport=script.transport)
    assert [] == script.requests


@pytest.mark.parametrize("text", ["../x", "%2e%2e", "a@b", "a#b", "a?b&c=d", "a b", "/../..", "é"])
def test_a_token_stays_in_the_query(ask: Ask, text: str) -> None:
    """A token from the service is one query value, whatever it contains."""
    script = Script(json_answer(items=[], nextToken=text), json_answer(items=[]))
    ask(lambda c: c.list_run_tasks("1").collect(), transport=script.transport)
    url = script.requests[1].url
    assert ("workflows-omics.us-east-1.amazonaws.com", "/run/1/task") == (url.host, url.path)
    assert [("startingToken", text)] == url.params.multi_items()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def ok(number: int, request: bytes) -> Plan:
    del number, request
    return [http(200, {"id": "1"})]


def test_untrusted_certificates(ask: Ask, tls: ssl.SSLContext) -> None:
    """Nothing is sent to a server with an untrusted certificate, and nothing is retried."""
    with RawServer(ok, tls) as server:
        with pytest.raises(SSLError, match=r"TLS failed with https://127.*CERTIFICATE") as caught:
            ask(lambda c: c.get_run("1"), endpoint_url=server.url)
        assert (1, []) == (caught.value.attempts, server.requests)


def test_certificates_for_another_host(ask: Ask, authority: trustme.CA, tmp_path: Path) -> None:
    """A certificate must also match the endpoint's host name."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("example.com").configure_cert(context)
    with RawServer(ok, context) as server, pytest.raises(SSLError):
        ask(lambda c: c.get_run("1"), endpoint_url=server.url, verify=tmp_path / "ca.pem")


@pytest.mark.parametrize("how", ["variable", "profile", "argument", "folder"])
def test_ca_bundles(
    ask: Ask, how: str, tls: ssl.SSLContext, authority: trustme.CA,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """AWS_CA_BUNDLE, the profile's ca_bundle and ``verify`` set the trusted certificates."""
    bundle = tmp_path / "certs" / "ca.pem"
    bundle.parent.mkdir()
    authority.cert_pem.write_to_path(str(bundle))
    options: dict[str, Any] = {}
    if how == "variable":
        monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    elif how == "profile":
        (tmp_path / "config").write_text(f"[default]\nca_bundle = {bundle}\n")
    elif how == "argument":
        options["verify"] = bundle
    else:
        # OpenSSL finds certificates in a folder by the hash of their subject.
        (bundle.parent / f"{subject_hash(bundle)}.0").write_bytes(bundle.read_bytes())
        options["verify"] = bundle.parent
    with RawServer(ok, tls) as server:
        assert "1" == ask(lambda c: c.get_run("1"), endpoint_url=server.url, **options).id


def subject_hash(pem: Path) -> str:
    command = ["openssl", "x509", "-subject_hash", "-noout", "-in", str(pem)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_only_the_argument_turns_verification_off(
    ask: Ask, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only ``verify=False`` turns verification off; in a variable, False is a file name."""
    with RawServer(ok, tls) as server:
        assert "1" == ask(lambda c: c.get_run("1"), endpoint_url=server.url, verify=False).id
        monkeypatch.setenv("AWS_CA_BUNDLE", "false")
        with pytest.raises(ConfigurationError, match="no certificate file"):
            ask(lambda c: c.get_run("1"), endpoint_url=server.url)


def test_proxies_from_the_environment(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTP_PROXY is used for the endpoint, unless it is on this machine."""
    with RawServer(ok) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        ask(lambda c: c.get_run("1"), endpoint_url="http://omics.invalid")
        assert b"GET http://omics.invalid/run/1 " in proxy.requests[0]
        with RawServer(ok) as server:
            ask(lambda c: c.get_run("1"), endpoint_url=server.url)
        assert (1, 1) == (len(proxy.requests), len(server.requests))


# httpx-aiohttp hands them to aiohttp in a way that aiohttp 3.14 warns of.
@pytest.mark.filterwarnings("ignore:.*(BasicAuth|proxy_auth).*:DeprecationWarning")
@pytest.mark.parametrize(
    ("user", "sent"),
    [("me:p%40ss", "me:p@ss"), ("me:pässwörd", "me:pässwörd"), ("me:%E2%98%83", "me:☃")],
)
def test_proxy_credentials(ask: Ask, monkeypatch: pytest.MonkeyPatch, user: str, sent: str) -> None:
    """The user name and password of a proxy are sent in UTF-8."""
    with RawServer(ok) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.replace("//", f"//{user}@"))
        ask(lambda c: c.get_run("1"), endpoint_url="http://omics.invalid")
    encoded = b64encode(sent.encode())
    assert b"\r\nproxy-authorization: basic " + encoded.lower() in proxy.requests[0].lower()


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("https://ecs.us-east-1.amazonaws.com", "http://p:1"),
        ("https://spared.example.com", None),
        ("http://127.0.0.1:5000", None),
        ("http://localhost:5000", None),
        ("http://[::1]:5000", None),
        ("http://10.0.0.1:5000", "http://all:1"),
    ],
)
def test_proxy_selection(monkeypatch: pytest.MonkeyPatch, url: str, proxy: str | None) -> None:
    """The scheme's own proxy comes first, then ALL_PROXY; NO_PROXY and loopback use none."""
    monkeypatch.setenv("https_proxy", "p:1")
    monkeypatch.setenv("all_proxy", "http://all:1")
    monkeypatch.setenv("no_proxy", ".example.com")
    assert proxy == proxy_for(url)
