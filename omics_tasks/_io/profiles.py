"""Profiles in AWS's configuration files, read with botocore's parsers but without a session."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from ..errors import ConfigurationError, ProfileNotFoundError
from .paths import find_path, is_readable

# The order is botocore's; its credential chain uses the same.
PROFILE_VARIABLES = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")


class SessionLike(Protocol):
    """A botocore or boto3 session."""

    def get_credentials(self) -> Any:
        """Return botocore's credentials object; None if the session finds no credentials."""
        ...


class _Files(NamedTuple):
    config: str
    credentials: str


_DEFAULT_FILES = _Files("~/.aws/config", "~/.aws/credentials")
_FILE_VARIABLES = _Files("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
_PARSERS = _Files("load_config", "raw_config_parse")


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile of the configuration files."""

    name: str = "default"
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Settings by key: strings, or a mapping for a key with nested settings."""
    services: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """The ``services`` sections of the configuration file, by name."""
    region: str | None = None
    """The region that a session was created with; None for no session or no such region."""
    files: _Files = _DEFAULT_FILES
    """Paths of the configuration and the credentials file."""
    origins: Mapping[str, str] = field(default_factory=dict[str, str])
    """The file of each key in ``settings``."""

    def text(self, key: str) -> str | None:
        """Return the value of the key. Raise ConfigurationError for one with nested settings."""
        value = self.settings.get(key)
        if value is None or isinstance(value, str):
            return value
        raise ConfigurationError(
            f"{self.place(key)} has nested settings; give it one value, on the same line"
        )

    def place(self, key: str) -> str:
        """Return the place of the key, set or not, for messages."""
        file = self.origins.get(key)
        return f"{key} in profile {self.name!r} of {repr(file) if file else _listed(self.files)}"

    def of_service(self, service_id: str, key: str) -> tuple[str, str | None]:
        """Return the place and value of a service's setting in the section ``services`` names.

        Raise ConfigurationError if there is no such section, or the settings aren't nested.
        """
        name = self.text("services")
        if not name:
            return self.place("services"), None
        section = f"section [services {name}] of {self.files.config!r}"
        if name not in self.services:
            raise ConfigurationError(
                f"{self.place('services')} is {name!r}, and there is no {section}"
            )
        settings: Mapping[str, str] | str = self.services[name].get(service_id) or {}
        if isinstance(settings, str):
            raise ConfigurationError(
                f"{service_id} in {section} has a value, but must have nested settings: "
                f"end the line after `{service_id} =`, and indent `{key} = …` below it"
            )
        return f"{key} of {service_id} in {section}", settings.get(key)


def _listed(files: _Files) -> str:
    return " and ".join(map(repr, files))


def is_session(value: Any) -> bool:
    """Return whether the value is a botocore or boto3 session."""
    return hasattr(value, "get_credentials") and hasattr(_core(value), "instance_variables")


def _core(session: SessionLike) -> Any:
    """Return the botocore session inside a boto3 session: only that one reads the files."""
    return getattr(session, "_session", session)


def load_profile(name: str | None, session: SessionLike | None) -> Profile:
    """Return the named profile, else the session's, the environment's or ``default``.

    Raise ProfileNotFoundError if it does not exist, ConfigurationError if a file can't be read.
    """
    given = (os.environ.get(variable) for variable in _FILE_VARIABLES)
    files = _Files(*(file or default for file, default in zip(given, _DEFAULT_FILES, strict=True)))
    if session is not None:
        return _of_session(session, files)
    config, credentials = map(_parse, _PARSERS, files, _DEFAULT_FILES, _FILE_VARIABLES)
    profiles = config.get("profiles", {})
    in_environment = (os.environ.get(variable) for variable in PROFILE_VARIABLES)
    name = _known(
        name or next(filter(None, in_environment), None), {**profiles, **credentials}, files
    )
    settings, secrets = profiles.get(name, {}), credentials.get(name, {})
    origins = dict.fromkeys(settings, files.config) | dict.fromkeys(secrets, files.credentials)
    services = config.get("services", {})
    return Profile(name, {**settings, **secrets}, services, files=files, origins=origins)


def _of_session(session: SessionLike, files: _Files) -> Profile:
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - the session has imported it

    core = _core(session)
    try:
        config = core.full_config
    except BotoCoreError as error:
        raise ConfigurationError(
            f"the session's files, {_listed(files)}, can't be read: {_reason(error)}"
        ) from error
    profiles = config.get("profiles", {})
    name = _known(core.profile or None, profiles, files)
    region = core.instance_variables().get("region")
    return Profile(name, profiles.get(name, {}), config.get("services", {}), region, files)


def _known(name: str | None, profiles: Mapping[str, Any], files: _Files) -> str:
    """Return the name, or ``default``, which need not exist. Raise ProfileNotFoundError."""
    if name is not None and name not in profiles:
        raise ProfileNotFoundError(
            f"there is no profile {name[:80]!r} in {_listed(files)}; "
            f"there are: {', '.join(sorted(profiles)) or 'none'}"
        )
    return name or "default"


def _parse(parser: str, file: str, default: str, place: str) -> Mapping[str, Any]:
    """Return the parsed file; empty if there is none, as in AWS's other tools."""
    path = _default_file(file) if file == default else _given_file(file, place)
    if path is None:
        return {}
    from botocore import configloader, exceptions  # noqa: PLC0415 - only needed if a file exists

    try:
        parsed: Mapping[str, Any] = getattr(configloader, parser)(str(path))
    except exceptions.BotoCoreError as error:
        raise ConfigurationError(f"{str(path)!r} can't be read: {_reason(error)}") from error
    return parsed


def _default_file(file: str) -> Path | None:
    """Return the file's path; None if it can't be read, as in another user's home folder."""
    path = os.path.expanduser(file)  # noqa: PTH111 - never raises
    return Path(path) if os.path.isfile(path) and os.access(path, os.R_OK) else None  # noqa: PTH113 - never raises


def _given_file(file: str, place: str) -> Path | None:
    path = find_path(os.path.expandvars(file), place)
    if path is None or not (path.is_file() or path.is_dir()):  # such as /dev/null
        return None
    if path.is_dir():
        raise ConfigurationError(f"{place} is {file[:80]!r}, which is a folder; name a file")
    if not is_readable(path):
        raise ConfigurationError(
            f"{place} is {file[:80]!r}, which this process may not read; "
            "change its permissions, or name another file"
        )
    return path


def _reason(error: Any) -> str:
    """Return the kind and line of the error, without text of the file, which may hold secrets."""
    cause = error.kwargs.get("error", error)
    line = getattr(cause, "lineno", None) or next((n for n, _ in getattr(cause, "errors", ())), 0)
    return f"{type(cause).__name__}{f' in line {line}' if line else ''}"
