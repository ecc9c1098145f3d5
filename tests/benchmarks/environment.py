"""Environments of their own, where it matters what else is installed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .processes import ROOT

_HOME = ROOT / ".benchmarks"
_VERSIONS = """
import sys
from importlib.metadata import version
print(*(f"{name} {version(name)}" for name in sys.argv[1:]), sep=", ")
"""


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment, made at its first use; the network is needed for that."""

    name: str
    packages: tuple[str, ...]
    """What pip installs in it."""
    tells: tuple[str, ...]
    """Packages whose versions are told."""

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return _HOME / self.name / "bin" / "python"

    def make(self) -> None:
        """Makes it where it isn't yet."""
        if self.python.exists():
            return
        _HOME.mkdir(exist_ok=True)
        (_HOME / ".gitignore").write_text("*\n")
        subprocess.run([sys.executable, "-m", "venv", self.python.parents[1]], check=True)
        command = (str(self.python), "-m", "pip", "install", "--quiet", *self.packages)
        subprocess.run(command, cwd=ROOT, check=True)

    def versions(self) -> str:
        """What is in it."""
        command = (str(self.python), "-c", _VERSIONS, *self.tells)
        printed = subprocess.run(command, capture_output=True, text=True, check=True)
        return printed.stdout.strip()


AIOBOTOCORE = Environment("aiobotocore", ("aiobotocore",), ("aiobotocore", "botocore", "aiohttp"))
"""It pins a botocore that others need not have."""

PLAIN = Environment("plain", (".", "boto3"), ("boto3", "httpx", "pydantic"))
"""What a user has: importing httpx and pydantic takes longer where more is installed."""
