"""Settings: their sources, the order of these, and errors for invalid values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest

from omics_tasks import (
    AsyncECSClient,
    ClientConfig,
    ClientOptions,
    ConfigurationError,
    Credentials,
    DeadlineClient,
    ECSClient,
    HealthOmicsClient,
    InvalidEndpointError,
    InvalidRegionError,
    NoRegionError,
    ProfileNotFoundError,
    RetryPolicy,
)

KEY = Credentials("AKID", "secret")


@pytest.fixture
def write_config(tmp_path: Path) -> Any:
    return (tmp_path / "config").write_text


def config(cls: Any = ECSClient, **options: Any) -> ClientConfig:
    with cls(**{"credentials": KEY, **options}) as client:
        resolved: ClientConfig = client.config
        return resolved


def in_order(
    monkeypatch: pytest.MonkeyPatch, places: list[tuple[str, str]], found: Any
) -> list[Any]:
    """Return the values found with all sources set, and as they are unset one by one."""
    for name, value in places:
        monkeypatch.setenv(name, value)
    values = []
    for name, _ in places:
        values.append(found())
        monkeypatch.setenv(name, "")
    return [*values, found()]


def test_region(monkeypatch: pytest.MonkeyPatch, write_config: Any) -> None:
    """Argument, AWS_REGION, AWS_DEFAULT_REGION, profile; an empty variable counts as unset."""
    write_config("[default]\nregion = profile-1\n")
    places = [("AWS_REGION", "env-1"), ("AWS_DEFAULT_REGION", "env-2")]
    assert "arg-1" == config(region="arg-1").region
    assert ["env-1", "env-2", "profile-1"] == in_order(monkeypatch, places, lambda: config().region)


def test_no_region_says_where_it_looked(tmp_path: Path) -> None:
    """The error for a missing region names every variable and file that was read."""
    with pytest.raises(NoRegionError) as caught:
        config()
    message = str(caught.value)
    for place in ("region=", "AWS_REGION", "AWS_DEFAULT_REGION", "'default'", str(tmp_path)):
        assert place in message


@pytest.mark.parametrize(
    "region",
    ["", "us-east-1\n", "us east", "a.b", "-a", "a-", "x" * 64, "a@b", "a/b", "a#b", "é", "a\\b"],
)
def test_a_region_must_fit_into_a_host_name(region: str) -> None:
    """A region that could change the host is an error."""
    with pytest.raises(InvalidRegionError):
        config(region=region)


@pytest.mark.parametrize(
    ("cls", "variable", "service_id"),
    [
        (HealthOmicsClient, "AWS_ENDPOINT_URL_OMICS", "omics"),
        (ECSClient, "AWS_ENDPOINT_URL_ECS", "ecs"),
        (DeadlineClient, "AWS_ENDPOINT_URL_DEADLINE", "deadline"),
    ],
)
def test_endpoint(
    monkeypatch: pytest.MonkeyPatch, write_config: Any, cls: Any, variable: str, service_id: str
) -> None:
    """Argument, the service's variable, the general one, the services section, the profile."""
    write_config(
        "[profile dev]\nregion = us-east-1\nservices = mine\nendpoint_url = http://profile\n"
        f"[services mine]\n{service_id} =\n  endpoint_url = http://section\n"
        "[profile plain]\nregion = us-east-1\nendpoint_url = http://profile/\n"
    )
    places = [(variable, "http://of-service"), ("AWS_ENDPOINT_URL", "http://general")]
    assert "http://arg/x" == config(cls, profile="dev", endpoint_url="http://arg/x/").endpoint_url
    assert ["http://of-service", "http://general", "http://section"] == in_order(
        monkeypatch, places, lambda: config(cls, profile="dev").endpoint_url
    )
    assert "http://profile" == config(cls, profile="plain").endpoint_url


def test_configured_endpoints_can_be_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS_IGNORE_CONFIGURED_ENDPOINT_URLS ignores all sources but the argument."""
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://general")
    own = config(region="us-east-1")
    assert ("https://ecs.us-east-1.amazonaws.com", False) == (
        own.endpoint_url, own.is_custom_endpoint,
    )  # fmt: skip
    given = config(region="us-east-1", endpoint_url="http://arg")
    assert ("http://arg", True) == (given.endpoint_url, given.is_custom_endpoint)


@pytest.mark.parametrize(
    "url",
    [
        "", "ftp://x", "localhost:5000", "http://", "http://u:p@host", "http://u@host",
        "http://host?x=1", "http://host?", "http://host#f", "http://host#", "http://h\nost",
        "http://host:99999", "http://host:x", "http://host/../x", "http://ho st", "http://[::1",
        "//host", "http://hé", "http://a..b", "http://xn--", "http://" + "a" * 64, "http://a/%2e%2e/",
    ],
)  # fmt: skip
def test_invalid_endpoints(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Endpoints must be plain http or https URLs; the error has the source."""
    with pytest.raises(InvalidEndpointError, match="endpoint_url="):
        config(region="us-east-1", endpoint_url=url)
    if url and "\0" not in url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        with pytest.raises(InvalidEndpointError, match="AWS_ENDPOINT_URL"):
            config(region="us-east-1")


@pytest.mark.parametrize(
    ("option", "variable", "key", "host"),
    [
        ("use_fips", "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint",
         "ecs-fips.us-east-1.amazonaws.com"),
        ("use_dualstack", "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint",
         "ecs.us-east-1.api.aws"),
    ],
)  # fmt: skip
def test_fips_and_dualstack(
    monkeypatch: pytest.MonkeyPatch, write_config: Any,
    option: str, variable: str, key: str, host: str,
) -> None:  # fmt: skip
    """Argument, variable, profile; together with a custom endpoint they are an error."""
    set_, plain = f"https://{host}", "https://ecs.us-east-1.amazonaws.com"
    assert set_ == config(region="us-east-1", **{option: True}).endpoint_url
    monkeypatch.setenv(variable, "TRUE")
    assert set_ == config(region="us-east-1").endpoint_url
    assert plain == config(region="us-east-1", **{option: False}).endpoint_url
    with pytest.raises(InvalidEndpointError, match=variable):
        config(region="us-east-1", endpoint_url="http://x")
    monkeypatch.setenv(variable, "false")
    write_config(f"[default]\n{key} = true\n")
    assert plain == config(region="us-east-1").endpoint_url
    monkeypatch.delenv(variable)
    assert set_ == config(region="us-east-1").endpoint_url


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AWS_USE_FIPS_ENDPOINT", "yes"),
        ("AWS_USE_DUALSTACK_ENDPOINT", "1"),
        ("AWS_MAX_ATTEMPTS", "0"),
        ("AWS_MAX_ATTEMPTS", "three"),
        ("AWS_RETRY_MODE", "hopeful"),
        ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "maybe"),
    ],
)
def test_a_bad_value_names_its_place(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """The error for an invalid value has its variable and the value."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError, match=f"{variable} is {value!r}"):
        config(region="us-east-1")


def test_retries(monkeypatch: pytest.MonkeyPatch, write_config: Any) -> None:
    """Argument, AWS_MAX_ATTEMPTS, profile, 3."""
    assert 3 == config(region="us-east-1").retries.max_attempts
    write_config("[default]\nmax_attempts = 5\nretry_mode = adaptive\n")
    assert 5 == config(region="us-east-1").retries.max_attempts
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "7")
    assert 7 == config(region="us-east-1").retries.max_attempts
    policy = RetryPolicy(max_attempts=2)
    assert policy is config(region="us-east-1", retries=policy).retries


def test_certificates(monkeypatch: pytest.MonkeyPatch, write_config: Any, tmp_path: Path) -> None:
    """Argument, AWS_CA_BUNDLE, profile, True; only the argument turns verification off."""
    bundle = Path(__import__("certifi").where())
    assert config(region="us-east-1").verify is True
    write_config(f"[default]\nca_bundle = {bundle}\n")
    assert bundle == config(region="us-east-1").verify
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path))
    assert tmp_path == config(region="us-east-1").verify
    assert bundle == config(region="us-east-1", verify=str(bundle)).verify
    assert config(region="us-east-1", verify=True).verify is True
    assert config(region="us-east-1", verify=False).verify is False
    monkeypatch.setenv("AWS_CA_BUNDLE", "/no/such")
    with pytest.raises(ConfigurationError, match=r"/no/such.*AWS_CA_BUNDLE"):
        config(region="us-east-1")
    monkeypatch.delenv("AWS_CA_BUNDLE")
    (tmp_path / "empty").touch()
    with pytest.raises(ConfigurationError, match="empty"):
        config(region="us-east-1", verify=tmp_path / "empty")


@pytest.mark.parametrize(
    ("timeout", "pair"), [(None, (60, 60)), (5, (5, 5)), ((1.5, 30), (1.5, 30))]
)
def test_timeouts(timeout: Any, pair: tuple[float, float]) -> None:
    """One timeout for both, or a pair to connect and to read; 60 seconds by default."""
    resolved = config(region="us-east-1", timeout=timeout)
    assert pair == (resolved.connect_timeout, resolved.read_timeout)


@pytest.mark.parametrize("timeout", [0, -1, (1, 0), float("nan")])
def test_a_timeout_must_be_positive(timeout: Any) -> None:
    """A timeout of 0 is an error and doesn't mean none."""
    with pytest.raises(ConfigurationError, match="timeout"):
        config(region="us-east-1", timeout=timeout)


def test_profile(monkeypatch: pytest.MonkeyPatch, write_config: Any, tmp_path: Path) -> None:
    """Argument, AWS_PROFILE, default; profiles may also be in the credentials file."""
    write_config("[default]\nregion = d-1\n[profile a]\nregion = a-1\n")
    (tmp_path / "credentials").write_text("[b]\nregion = b-1\n")
    assert "d-1" == config().region
    monkeypatch.setenv("AWS_PROFILE", "a")
    assert ("a-1", "b-1") == (config().region, config(profile="b").region)
    with pytest.raises(ProfileNotFoundError, match=r"'c'.*credentials.*there are: a, b, default"):
        config(profile="c")


def test_a_broken_file_is_named(write_config: Any, tmp_path: Path) -> None:
    """A configuration file that can't be parsed is an error with its path."""
    write_config("region = us-east-1\n")
    with pytest.raises(ConfigurationError, match=str(tmp_path / "config")):
        config()


@pytest.mark.parametrize("maker", [boto3.Session, botocore.session.Session])
def test_session(monkeypatch: pytest.MonkeyPatch, write_config: Any, maker: Any) -> None:
    """A session's explicit region precedes the environment, and its profile follows it."""
    write_config("[profile p]\nregion = p-1\nuse_fips_endpoint = true\n")
    keyword = "profile_name" if maker is boto3.Session else "profile"
    arguments: dict[str, Any] = {keyword: "p"}
    session = maker(**arguments)
    resolved = config(session=session, use_fips=False)
    assert "p-1" == resolved.region
    assert "ecs-fips.p-1.amazonaws.com" in config(session=session).endpoint_url
    monkeypatch.setenv("AWS_REGION", "env-1")
    assert "env-1" == config(session=session).region
    core: Any = getattr(session, "_session", session)
    core.set_config_variable("region", "own-1")
    assert ("own-1", "arg-1") == (
        config(session=session).region,
        config(session=session, region="arg-1").region,
    )
    with pytest.raises(ConfigurationError, match="either profile= or session="):
        config(session=session, profile="p")


@pytest.mark.parametrize(
    "wrong",
    [
        {"region": 5}, {"endpoint_url": 5}, {"profile": 5}, {"use_fips": "false"},
        {"use_dualstack": 1}, {"verify": ""}, {"verify": 0}, {"timeout": "5"}, {"timeout": [1, 2]},
        {"timeout": (1, 2, 3)}, {"timeout": True}, {"timeout": float("inf")}, {"timeout": 1e12},
        {"retries": 0}, {"retries": 5}, {"credentials": {"access_key": "SECRET"}},
        {"session": "x"}, {"pickle_credentials": 1},
    ],
    ids=str,
)  # fmt: skip
def test_options_of_a_wrong_type(wrong: dict[str, Any]) -> None:
    """An option of a wrong type is an error that names the right one."""
    [name] = wrong
    with pytest.raises(ConfigurationError, match=f"{name} must be ") as caught:
        config(**{"region": "us-east-1", **wrong})
    assert "SECRET" not in str(caught.value)


def test_socks_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """A SOCKS proxy in the environment is an error that explains NO_PROXY."""
    monkeypatch.setenv("all_proxy", "socks5://127.0.0.1:1")
    with pytest.raises(ConfigurationError, match="no_proxy"):
        config(region="us-east-1")


def test_an_unknown_option_is_a_type_error() -> None:
    """A misspelt argument is a TypeError that lists the valid ones."""
    with pytest.raises(TypeError, match=r"regoin.*region"):
        config(regoin="us-east-1")


def test_settings_are_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client keeps the settings that it found when it was made."""
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    with ECSClient(credentials=KEY) as client:
        monkeypatch.setenv("AWS_REGION", "us-west-2")
        assert "us-east-1" == client.config.region


def test_both_clients_have_the_same_settings() -> None:
    """The async client resolves its settings as the sync one does."""
    options: ClientOptions = {"region": "us-east-1", "credentials": KEY, "timeout": 3.0}
    twin = AsyncECSClient(**options).config
    with ECSClient(**options) as client:
        assert repr(client.config.endpoint_url) == repr(twin.endpoint_url)
        assert (client.config.region, client.config.retries) == (twin.region, twin.retries)


def test_no_secret_in_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reprs of a client, its settings and its credentials have no secret."""
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    given = Credentials("AKID", "SECRET-KEY", "SECRET-TOKEN")
    with ECSClient(credentials=given) as client:
        shown = repr(client) + repr(client.config) + repr(given)
    assert "SECRET" not in shown
    assert (
        "ECSClient(region='us-east-1', endpoint_url='https://ecs.us-east-1.amazonaws.com')" in shown
    )
