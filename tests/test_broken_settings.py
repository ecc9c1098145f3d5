"""Settings that can't be used are refused when the client is made, by an error that names them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from omics_tasks import InvalidEndpointError

from .asking import Ask, Script, json_answer
from .making import Make, refusal


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
def test_a_proxy_that_is_no_url(make: Make, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """A proxy variable must hold the URL of an HTTP proxy; its password is not shown."""
    monkeypatch.setenv("HTTPS_PROXY", value)
    said = refusal(make)
    assert "set it to a URL such as http://proxy.example:3128" in said
    assert "SECRET" not in said


@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "ALL_PROXY", "Https_Proxy"])
def test_the_variable_of_a_proxy_is_named(
    make: Make, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """The message has the variable as it is spelt, in capitals or not."""
    monkeypatch.setenv(variable, "host:x")
    assert f"the proxy from {variable} has no usable host or port" in refusal(make)


@pytest.mark.parametrize(
    "value",
    [
        "host", "host:3128", "http://host:3128/", "HTTP://host", "https://host", "squid_proxy:3128",
        "http://user:pass@host:1", "http://user@host", "http://u:p%40%2F@host", "http://[::1]:3128",
        "http://u:pä@host", "http://10.0.0.1:3128", "http://xn--bcher-kva.example:1", "http://h.:1",
    ],
)  # fmt: skip
def test_a_proxy_that_is_one(make: Make, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """With and without scheme, port, user and underscores a proxy is taken."""
    monkeypatch.setenv("HTTPS_PROXY", value)
    make()


@pytest.mark.parametrize(
    "path", ["~no-such-user/x", "x" * 5000, "a\0b", "\ud800", "", "/dev/fd/none"]
)
@pytest.mark.parametrize("kind", [str, Path])
def test_certificates_that_are_none(make: Make, path: str, kind: Any) -> None:
    """The argument ``verify=`` is refused by its name, whatever it holds."""
    if (kind, path) != (Path, ""):  # which is the current folder
        assert "verify" in refusal(make, verify=kind(path))


def test_certificates_of_a_profile(make: Make, tmp_path: Path) -> None:
    """The profile's ca_bundle is named with the profile and the file."""
    (tmp_path / "config").write_text("[default]\nca_bundle = /no/such\n")
    said = refusal(make)
    assert f"ca_bundle in profile 'default' of '{tmp_path / 'config'}'" in said


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_certificates_that_cannot_be_read(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    """A file without certificates is refused with its path, and where it may be set."""
    (tmp_path / "ca.pem").write_bytes(os.urandom(2000))
    monkeypatch.setenv(variable, str(tmp_path / "ca.pem"))
    said = refusal(make)
    assert f"'{tmp_path / 'ca.pem'}' holds no usable PEM certificates" in said
    assert variable in said


def test_a_key_log_that_cannot_be_written(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """SSLKEYLOGFILE, which Python's ssl module opens, is refused by its name."""
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "no" / "such"))
    assert "SSLKEYLOGFILE" in refusal(make)


ENDPOINTS = [
    "http://[::1]a:1", "http://a[::1]:1", "http://[v1.fe80::a]", "http://[::1]:99999", "http://[]",
    "http://[1.2.3.4]", "http://999.1.1.1", "http://1.2.3.4.5", "http://01.2.3.4", "http://h:80:80",
    "http://" + "a" * 70_000, "http://a/" + "b" * 70_000, "http://" + "a." * 200 + "a",
]  # fmt: skip


@pytest.mark.parametrize("url", ENDPOINTS, ids=lambda url: url[:25])
def test_an_endpoint_that_is_none(make: Make, url: str) -> None:
    """Addresses and names that no connection could be made to are refused, in few words."""
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
    """Every other place where it can be set is named as well."""
    if setting is None:
        monkeypatch.setenv(place, url)
    else:
        (tmp_path / "config").write_text(f"[default]\n{setting.format(url)}")
    assert f"from {place.format(tmp_path / 'config')} " in refusal(make)


@pytest.mark.parametrize("url", ["http://[::1]:5000", "http://[::ffff:1.2.3.4]", "http://1.2.3.4"])
def test_an_address_is_an_endpoint(ask: Ask, url: str) -> None:
    """Requests go to addresses, too."""
    script = Script(json_answer(id="1"))
    ask(lambda c: c.get_run("1"), transport=script.transport, endpoint_url=url)
    assert httpx.URL(f"{url}/run/1") == script.requests[0].url


def test_a_bad_region_is_named_with_its_place(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says where a region is set that is none."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us east")
    assert "'us east' from AWS_DEFAULT_REGION" in refusal(make, region=None)


def test_an_object_that_is_no_session(make: Make) -> None:
    """A ``session=`` must be botocore's or boto3's: only those know their files."""

    class Half:
        def get_credentials(self) -> None:
            pass

    assert "session must be a botocore or boto3 session" in refusal(make, session=Half())
