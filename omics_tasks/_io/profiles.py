"""The profile in AWS's configuration files, as botocore reads them, without making a session."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from botocore.configloader import load_config, raw_config_parse
from botocore.exceptions import ConfigNotFound, ConfigParseError

from ..errors import ConfigurationError, ProfileNotFoundError


class SessionLike(Protocol):
    """A botocore or a boto3 session."""

    def get_credentials(self) -> Any: ...


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
        # botocore's order, which the credential chain follows too.
        wanted = (
            name or os.environ.get("AWS_DEFAULT_PROFILE") or os.environ.get("AWS_PROFILE") or None
        )
        return _find(wanted, _read_files(), None)
    # boto3's session keeps botocore's, which alone has the files.
    core: Any = getattr(session, "_session", session)
    return _find(core.profile, core.full_config, core.instance_variables().get("region"))


def _read_files() -> Mapping[str, Any]:
    config = _parse(load_config, "AWS_CONFIG_FILE", "~/.aws/config")
    profiles = dict(config.get("profiles", {}))
    credentials = _parse(raw_config_parse, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
    for name, settings in credentials.items():
        profiles[name] = {**profiles.get(name, {}), **settings}
    return {**config, "profiles": profiles}


def _parse(parse: Any, variable: str, default: str) -> Mapping[str, Any]:
    try:
        parsed: Mapping[str, Any] = parse(os.environ.get(variable) or default)
    except ConfigNotFound:
        return {}
    except ConfigParseError as error:
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
    config = os.environ.get("AWS_CONFIG_FILE") or "~/.aws/config"
    return f"{config} and {os.environ.get('AWS_SHARED_CREDENTIALS_FILE') or '~/.aws/credentials'}"
