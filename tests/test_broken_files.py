"""Invalid configuration files: which are errors and which are ignored."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import botocore
import botocore.session
import pytest

from omics_tasks import ConfigurationError, NoCredentialsError
from omics_tasks._io import partitions

from .asking import Script, ask_async, ask_sync, json_answer
from .children import as_another_user
from .client_factory import Make, configuration_error

LONG = "x" * 5000
FILE_VARIABLES = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")


@pytest.mark.parametrize("variable", [*FILE_VARIABLES, "AWS_CA_BUNDLE", "SSL_CERT_FILE"])
@pytest.mark.parametrize("path", ["~no-such-user/x", LONG, "/x" * 5000])
def test_invalid_paths(
    make: Make, monkeypatch: pytest.MonkeyPatch, variable: str, path: str
) -> None:
    """A path with an unknown user, or too long a path, is an error with its variable."""
    monkeypatch.setenv(variable, path)
    message = configuration_error(make)
    assert variable in message
    assert path[:20] in message
    assert len(message) < 500


@pytest.mark.parametrize("variable", FILE_VARIABLES)
def test_a_folder_is_no_configuration_file(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    """A folder as a configuration file is an error; a missing file and /dev/null aren't."""
    monkeypatch.setenv(variable, "/dev/null")
    make()
    monkeypatch.setenv(variable, str(tmp_path / "missing" / "file"))
    make()
    monkeypatch.setenv(variable, str(tmp_path))
    assert f"{variable} is '{tmp_path}', which is a folder" in configuration_error(make)


@pytest.mark.parametrize("file", ["config", "credentials"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"SECRET = 1\n", "MissingSectionHeaderError in line 1"),
        (b"[default]\na = 1\n[default]\n", "DuplicateSectionError in line 3"),
        (b"[default]\nSECRET = 1\nSECRET = 2\n", "DuplicateOptionError in line 3"),
        (b"[default]\nSECRET\n", "ParsingError in line 2"),
        (b"[default]\nregion =\n  SECRET\n", "ValueError"),
        (b"\xff\xfe\x00SECRET", "UnicodeDecodeError"),
        (b"\xef\xbb\xbf[default]\nregion = SECRET\n", "MissingSectionHeaderError in line 1"),
    ],
)
def test_a_file_that_cannot_be_parsed(
    make: Make, tmp_path: Path, file: str, content: bytes, reason: str
) -> None:
    """The error has the line and the kind of fault, and none of the contents."""
    (tmp_path / file).write_bytes(content)
    message = configuration_error(make)
    assert f"'{tmp_path / file}' can't be read: {reason}" in message
    assert "SECRET" not in message


def test_a_file_of_a_session_that_cannot_be_parsed(make: Make, tmp_path: Path) -> None:
    """A session's invalid file is the same error."""
    (tmp_path / "config").write_text("SECRET = 1\n")
    message = configuration_error(make, session=botocore.session.Session(), credentials=None)
    assert f"'{tmp_path / 'config'}'" in message
    assert "SECRET" not in message


@pytest.mark.parametrize(
    "key",
    [
        "region", "endpoint_url", "ca_bundle", "use_fips_endpoint", "use_dualstack_endpoint",
        "max_attempts", "retry_mode", "services", "ignore_configured_endpoint_urls",
    ],
)  # fmt: skip
@pytest.mark.parametrize("file", ["config", "credentials"])
def test_nested_settings_where_a_value_belongs(
    make: Make, tmp_path: Path, key: str, file: str
) -> None:
    """A key with nested settings instead of a value is named with its profile and file."""
    (tmp_path / file).write_text(f"[default]\n{key} =\n  a = SECRET\n  b = c\n")
    message = configuration_error(make, **({"region": None} if key == "region" else {}))
    assert f"{key} in profile 'default' of '{tmp_path / file}' has nested settings" in message
    assert "SECRET" not in message


@pytest.mark.parametrize(
    ("services", "named"),
    [
        ("[services mine]\necs = http://x\n", "ecs in section [services mine] of '{}' has a value"),
        ("[services other]\necs =\n  endpoint_url = http://x\n", "no section [services mine] of "),
        ("", "services in profile 'default' of '{}' is 'mine', and there is no section"),
        (
            "[services mine]\necs =\n  endpoint_url = ftp://x\n",
            "endpoint_url of ecs in section [services mine] of '{}' must begin with http",
        ),
    ],
)
def test_invalid_services_sections(make: Make, tmp_path: Path, services: str, named: str) -> None:
    """A services section must exist, and its services must have nested settings."""
    (tmp_path / "config").write_text(f"[default]\nservices = mine\n{services}")
    assert named.format(tmp_path / "config") in configuration_error(make)


def test_services_sections_without_an_endpoint(make: Make, tmp_path: Path) -> None:
    """A section for other services, or without an endpoint, is valid."""
    for nested in ("s3 =\n  endpoint_url = http://x", "ecs =\n  a = b", "ecs ="):
        (tmp_path / "config").write_text(f"[default]\nservices = mine\n[services mine]\n{nested}\n")
        make()


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that every user can enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def first_call(ask: Any) -> str:
    """Return the error of a client without settings before it needs credentials."""
    partitions.load_partitions.cache_clear()
    script = Script(json_answer(id="1"))
    with pytest.raises(NoCredentialsError):
        ask(lambda c: c.get_run("1"), credentials=None, transport=script.transport)
    return "no credentials"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
class TestAsAnotherUser:
    """Files that belong to another user."""

    @pytest.mark.parametrize("ask", [ask_sync, ask_async], ids=["sync", "async"])
    @pytest.mark.parametrize("locked", ["home", ".aws", "files"])
    def test_a_home_of_somebody_else(
        self, monkeypatch: pytest.MonkeyPatch, reachable: Path, ask: Any, locked: str
    ) -> None:
        """An unreadable home folder counts as empty."""
        home = reachable / "home"
        files = [home / ".aws" / "config", home / ".aws" / "credentials"]
        own = home / ".aws" / "models" / "partitions.json"
        own.parent.mkdir(parents=True)
        for file in files:
            file.write_text("[default]\nregion = us-east-1\naws_access_key_id = AKID\n")
        if locked != "files":
            own.write_text("no JSON")
        # Another user may not be able to read the package of botocore either.
        shipped = (Path(botocore.__file__).parent / "data" / "partitions.json").read_bytes()
        found = SimpleNamespace(read_bytes=lambda: shipped)
        monkeypatch.setattr(
            partitions, "files", lambda _: SimpleNamespace(joinpath=lambda *_: found)
        )
        for variable in FILE_VARIABLES:
            monkeypatch.delenv(variable)
        first_call(ask)  # imports what another user may not be able to import
        monkeypatch.setenv("HOME", str(home))
        closed = {"home": [home], ".aws": [home / ".aws"], "files": files}[locked]
        for path in closed:
            path.chmod(0)
        try:
            assert "no credentials" == as_another_user(lambda: first_call(ask))
        finally:
            for path in closed:
                path.chmod(0o700)

    @pytest.mark.parametrize("variable", [*FILE_VARIABLES, "AWS_CA_BUNDLE"])
    def test_a_named_file_of_somebody_else(
        self, monkeypatch: pytest.MonkeyPatch, reachable: Path, make: Make, variable: str
    ) -> None:
        """An unreadable file that a variable names is an error."""
        file = reachable / "file"
        file.write_text("[default]\n")
        file.chmod(0)
        with suppress(ConfigurationError):
            make()  # imports what another user may not be able to import
        monkeypatch.setenv(variable, str(file))
        message = as_another_user(make)
        assert message.startswith("ConfigurationError: ")
        assert variable in message
        assert "this process may not read" in message
