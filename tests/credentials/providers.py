"""botocore's providers, set up to use the local cloud or files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import botocore.credentials
import pytest

from .cloud import FAR, Cloud, soon


@dataclass(frozen=True)
class Machine:
    """The files and the environment of the machine that a test runs on."""

    cloud: Cloud
    home: Path
    environment: pytest.MonkeyPatch

    def configure(self, text: str) -> None:
        (self.home / "config").write_text(text)

    def keep(self, folder: str, name: str, content: Mapping[str, Any]) -> Path:
        """Write the file that the AWS CLI keeps for a login."""
        (self.home / folder).mkdir(exist_ok=True)
        kept = self.home / folder / f"{name}.json"
        kept.write_text(json.dumps(content))
        return kept

    def store(self, key: str) -> None:
        """Write this key to the shared credentials file."""
        (self.home / "credentials").write_text(
            f"[default]\naws_access_key_id = {key}\naws_secret_access_key = s\n"
        )

    def replace_kept_role(self, folder: Path, key: str) -> None:
        """Replace the cached role credentials, as another program would."""
        (kept,) = folder.iterdir()
        content = json.loads(kept.read_text())
        content["Credentials"]["AccessKeyId"] = key
        kept.write_text(json.dumps(content))

    def script(self, more: str = "") -> str:
        """Return a command that prints new credentials each time."""
        program = self.home / "process.sh"
        program.write_text(
            f"n=$(($(cat {self.home}/count 2>/dev/null || echo 0) + 1))\n"
            f"echo $n > {self.home}/count\n"
            f"""echo '{{"Version": 1, "AccessKeyId": "KEY'$n'", "SecretAccessKey": "s"{more}}}'\n"""
        )
        return f"sh {program}"


STATIC = "aws_access_key_id = STATIC\naws_secret_access_key = s\n"
SSO_TOKEN = {"accessToken": "a", "expiresAt": FAR}
ROLE = "role_arn = arn:aws:iam::1:role/KEY\n"


def source_profile(machine: Machine, more: str = "") -> None:
    source = f"[profile source]\n{STATIC}"
    machine.configure(f"[default]\n{ROLE}source_profile = source\n{more}{source}")


def credential_source(machine: Machine) -> None:
    machine.environment.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{machine.cloud.url}/SOURCE")
    machine.configure(f"[default]\n{ROLE}credential_source = EcsContainer\n")


def web_identity(machine: Machine) -> None:
    token = machine.home / "token"
    token.write_text("identity")
    machine.configure(f"[default]\n{ROLE}web_identity_token_file = {token}\n")


def sso(machine: Machine) -> None:
    url = "https://start.example"
    machine.keep("sso", hashlib.sha1(url.encode()).hexdigest(), SSO_TOKEN)
    machine.configure(
        f"[default]\nsso_start_url = {url}\nsso_region = us-east-1\nsso_role_name = r\n"
        "sso_account_id = 123456789012\n"
    )


def sso_session(machine: Machine) -> None:
    machine.keep("sso", hashlib.sha1(b"here").hexdigest(), SSO_TOKEN)
    machine.configure(
        "[default]\nsso_session = here\nsso_role_name = r\nsso_account_id = 123456789012\n"
        "[sso-session here]\nsso_start_url = https://start.example\nsso_region = us-east-1\n"
    )


def process(machine: Machine) -> None:
    command = machine.script(f', "SessionToken": "t", "Expiration": "{FAR}"')
    machine.configure(f"[default]\ncredential_process = {command}\n")


def process_without_expiry(machine: Machine) -> None:
    machine.configure(f"[default]\ncredential_process = {machine.script()}\n")


def container(machine: Machine) -> None:
    machine.environment.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{machine.cloud.url}/KEY")


def instance(machine: Machine) -> None:
    machine.environment.delenv("AWS_EC2_METADATA_DISABLED")
    machine.environment.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", machine.cloud.url)


class _Curve:
    """A stand-in for awscrt's elliptic curves, which sign the token request of a login."""

    @classmethod
    def new_key_from_der_data(cls, _: bytes) -> _Curve:
        return cls()

    def get_public_coords(self) -> tuple[bytes, bytes]:
        return b"x", b"y"

    def sign(self, _: bytes) -> bytes:
        return b"signed"

    @staticmethod
    def decode_der_signature_to_padded_pair(signature: bytes, pad_to: int) -> bytes:
        return signature[:pad_to]


def login(machine: Machine) -> None:
    if not hasattr(botocore.credentials, "LoginProvider"):
        pytest.skip("this botocore doesn't know `aws login`")
    machine.environment.setattr(botocore.credentials, "EC", _Curve)
    machine.environment.setenv("AWS_LOGIN_CACHE_DIRECTORY", str(machine.home / "login"))
    keys = {"accessKeyId": machine.cloud.new_key(), "secretAccessKey": "s", "sessionToken": "t"}
    machine.keep("login", hashlib.sha256(b"me").hexdigest(), {
        "accessToken": {**keys, "accountId": "1", "expiresAt": soon(minutes=14)},
        "refreshToken": "r", "dpopKey": "", "clientId": "c",
    })  # fmt: skip
    machine.configure("[default]\nlogin_session = me\n")


PROVIDERS: dict[str, Callable[[Machine], None]] = {
    "source profile": source_profile,
    "credential source": credential_source,
    "web identity": web_identity,
    "SSO": sso,
    "SSO session": sso_session,
    "process": process,
    "container": container,
    "instance": instance,
    "login": login,
}
