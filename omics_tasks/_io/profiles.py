"""The profile in AWS's configuration files, as botocore reads them, without making a session."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ..errors import ConfigurationError, ProfileNotFoundError

# botocore's order, which the credential chain follows too.
PROFILE_VARIABLES = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")


class SessionLike(Protocol):
    """A botocore or a boto3 session."""

    def get_credentials(self) -> Any:
        """Its credentials, as botocore has them; None where it finds none."""
        ...


@dataclass(frozen=True, slots=True)
class Profile:
    """What the configuration files say under one profile's name."""

    name: str = "default"
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Keys to strings, or to a mapping where a key has nested settings."""
    services: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The ``services`` section that the profile names: service id to its settings."""
    region: str | None = None
    """The region that a session was made with."""


def load_profile(name: str | None, session: SessionLike | None) -> Profile:
    """The profile of that name, else the session's, else the environment's, else ``default``.

    Raises ProfileNotFoundError, and ConfigurationError where a file can't be parsed.
    """
    if session is None:
        in_environment = (os.environ.get(variable) for variable in PROFILE_VARIABLES)
        return _find(name or next(filter(None, in_environment), None), _read_files(), None)
    # boto3's session keeps botocore's, which alone has the files.
    core: Any = getattr(session, "_session", session)
    return _find(core.profile, core.full_config, core.instance_variables().get("region"))


def _read_files() -> Mapping[str, Any]:
    config_file, credentials_file = _files()
    config = _parse("load_config", config_file)
    profiles = dict(config.get("profiles", {}))
    for name, settings in _parse("raw_config_parse", credentials_file).items():
        profiles[name] = {**profiles.get(name, {}), **settings}
    return {**config, "profiles": profiles}


def _files() -> tuple[str, str]:
    get = os.environ.get
    return (
        get("AWS_CONFIG_FILE") or "~/.aws/config",
        get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials",
    )


def _parse(parser: str, file: str) -> Mapping[str, Any]:
    path = Path(os.path.expandvars(file)).expanduser()
    if not path.is_file():
        return {}
    from botocore import configloader, exceptions  # noqa: PLC0415 - without a file, no reader

    try:
        parsed: Mapping[str, Any] = getattr(configloader, parser)(str(path))
    except exceptions.ConfigParseError as error:
        raise ConfigurationError(str(error)) from error
    return parsed


def _find(name: str | None, config: Mapping[str, Any], region: str | None) -> Profile:
    profiles: Mapping[str, Any] = config.get("profiles", {})
    if name is not None and name not in profiles:
        known = ", ".join(sorted(profiles)) or "none"
        raise ProfileNotFoundError(
            f"there is no profile {name!r} in {config_files()}; there are: {known}"
        )
    settings = profiles.get(name or "default", {})
    section = settings.get("services")
    services: Mapping[str, Any] = config.get("services", {}).get(section, {}) if section else {}
    return Profile(name or "default", settings, services, region)


def config_files() -> str:
    """The files that profiles are looked for in, for messages."""
    return " and ".join(_files())
