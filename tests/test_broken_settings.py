"""Invalid settings are errors that name them when a client is made."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from omics_tasks import InvalidEndpointError

from .asking import Ask, Script, json_answer
from .client_factory import Make, configuration_error


@pytest.mark.parametrize(
    "value",
    [
        "http://host:x", "http://host:99999", "http://host:0", "http://host:-1", "host:1:2",
        "http://", "http:///path", "://host", "socks5://host:1", "ftp://host", "http://[::1]a:1",
        "http://[v1.fe80::a]:1", "http://[::1", "http://a..b:1", "http://h ost:1", " http://host:1",
        "http://host:1\n", "http://bücher.example:1", "http://1.2.3.4.5:1", "http://999.1.1.1:1",
        "http://" + "a" * 64, "http://" + "a." * 200 + "a", "http://" + "a" * 70_000,
        "http://user:SECRET/x@host:1", "http://user:SECRET#@host:1", "http://user:SECRET?@host:1",
        "http://us%3Aer:SECRET@host:1", "user:SECRET@host:x", "http://user:SECRET@host:\udcff",
    ],
    ids=lambda value: ascii(value)[:30],
)  # fmt: skip
def test_invalid_proxies(make: Make, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """A proxy variable must have the URL of an HTTP proxy; its password isn't shown."""
    monkeypatch.setenv("HTTPS_PROXY", value)
    message = configuration_error(make)
    assert "set it to a URL such as http://proxy.example:3128" in message
    assert "SECRET" not in message


@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "ALL_PROXY", "Https_Proxy"])
def test_the_variable_of_a_proxy_is_named(
    make: Make, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """The message has the variable in its actual case."""
    monkeypatch.setenv(variable, "host:x")
    assert f"the proxy from {variable} has no usable host or port" in configuration_error(make)


@pytest.mark.parametrize(
    "value",
    [
        "host", "host:3128", "http://host:3128/", "HTTP://host", "https://host", "squid_proxy:3128",
        "http://user:pass@host:1", "http://user@host", "http://u:p%40%2F@host", "http://[::1]:3128",
        "http://u:pä@host", "http://10.0.0.1:3128", "http://xn--bcher-kva.example:1", "http://h.:1",
    ],
)  # fmt: skip
def test_valid_proxies(make: Make, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Scheme, port and user of a proxy are optional, and underscores are valid."""
    monkeypatch.setenv("HTTPS_PROXY", value)
    make()


@pytest.mark.parametrize(
    "path", ["~no-such-user/x", "x" * 5000, "a\0b", "\ud800", "", "/dev/fd/none"]
)
@pytest.mark.parametrize("kind", [str, Path])
def test_invalid_verify_arguments(make: Make, path: str, kind: Any) -> None:
    """An invalid ``verify=`` is named as such."""
    if (kind, path) != (Path, ""):  # which is the current folder
        assert "verify" in configuration_error(make, verify=kind(path))


def test_certificates_of_a_profile(make: Make, tmp_path: Path) -> None:
    """An invalid ca_bundle is named with its profile and file."""
    (tmp_path / "config").write_text("[default]\nca_bundle = /no/such\n")
    message = configuration_error(make)
    assert f"ca_bundle in profile 'default' of '{tmp_path / 'config'}'" in message


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_certificates_that_cannot_be_read(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    """A file without certificates is named with its path and the setting."""
    (tmp_path / "ca.pem").write_bytes(os.urandom(2000))
    monkeypatch.setenv(variable, str(tmp_path / "ca.pem"))
    message = configuration_error(make)
    assert f"'{tmp_path / 'ca.pem'}' holds no usable PEM certificates" in message
    assert variable in message


def test_a_key_log_that_cannot_be_written(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An unwritable SSLKEYLOGFILE, which Python's ssl module opens, is named."""
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "no" / "such"))
    assert "SSLKEYLOGFILE" in configuration_error(make)


ENDPOINTS = [
    "http://[::1]a:1", "http://a[::1]:1", "http://[v1.fe80::a]", "http://[::1]:99999", "http://[]",
    "http://[1.2.3.4]", "http://999.1.1.1", "http://1.2.3.4.5", "http://01.2.3.4", "http://h:80:80",
    "http://" + "a" * 70_000, "http://a/" + "b" * 70_000, "http://" + "a." * 200 + "a",
]  # fmt: skip


@pytest.mark.parametrize("url", ENDPOINTS, ids=lambda url: url[:25])
def test_invalid_endpoints(make: Make, url: str) -> None:
    """An endpoint with an impossible host or address is an error with a short message."""
    with pytest.raises(InvalidEndpointError, match="from the argument endpoint_url= ") as caught:
        make(endpoint_url=url)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("url", [ENDPOINTS[0], ENDPOINTS[2], ENDPOINTS[-3]], ids=lambda u: u[:25])
@pytest.mark.parametrize(
    ("place", "setting"),
    [
        ("AWS_ENDPOINT_URL_ECS", None),
        ("AWS_ENDPOINT_URL", None),
        ("endpoint_url in profile 'default' of '{}'", "endpoint_url = {}\n"),
        (
            "endpoint_url of ecs in section [services s] of '{}'",
            "services = s\n[services s]\necs =\n  endpoint_url = {}\n",
        ),
    ],
    ids=["of ECS", "of all", "profile", "services"],
)
def test_the_place_of_an_endpoint_is_named(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    url: str, place: str, setting: str | None,
) -> None:  # fmt: skip
    """The error names the source of the endpoint."""
    if setting is None:
        monkeypatch.setenv(place, url)
    else:
        (tmp_path / "config").write_text(f"[default]\n{setting.format(url)}")
    assert f"from {place.format(tmp_path / 'config')} " in configuration_error(make)


@pytest.mark.parametrize("url", ["http://[::1]:5000", "http://[::ffff:1.2.3.4]", "http://1.2.3.4"])
def test_an_address_is_an_endpoint(ask: Ask, url: str) -> None:
    """An endpoint may have an IP address."""
    script = Script(json_answer(id="1"))
    ask(lambda c: c.get_run("1"), transport=script.transport, endpoint_url=url)
    assert httpx.URL(f"{url}/run/1") == script.requests[0].url


def test_a_bad_region_is_named_with_its_place(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error has the source of an invalid region."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us east")
    assert "'us east' from AWS_DEFAULT_REGION" in configuration_error(make, region=None)


def test_invalid_sessions(make: Make) -> None:
    """A ``session=`` must be botocore's or boto3's."""

    class Half:
        def get_credentials(self) -> None:
            pass

    assert "session must be a botocore or boto3 session" in configuration_error(
        make, session=Half()
    )
