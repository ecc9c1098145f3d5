"""Virtual environments, for figures that depend on the installed packages."""

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
    """A virtual environment, made at its first use, which needs the network."""

    name: str
    packages: tuple[str, ...]
    """Packages to install."""
    tells: tuple[str, ...]
    """Packages whose versions are reported."""

    @property
    def python(self) -> Path:
        """Path of its interpreter."""
        return _HOME / self.name / "bin" / "python"

    def make(self) -> None:
        """Make the environment unless it exists."""
        if self.python.exists():
            return
        _HOME.mkdir(exist_ok=True)
        (_HOME / ".gitignore").write_text("*\n")
        subprocess.run([sys.executable, "-m", "venv", self.python.parents[1]], check=True)
        command = (str(self.python), "-m", "pip", "install", "--quiet", *self.packages)
        subprocess.run(command, cwd=ROOT, check=True)

    def versions(self) -> str:
        """Return the versions of its packages."""
        command = (str(self.python), "-c", _VERSIONS, *self.tells)
        printed = subprocess.run(command, capture_output=True, text=True, check=True)
        return printed.stdout.strip()


AIOBOTOCORE = Environment("aiobotocore", ("aiobotocore",), ("aiobotocore", "botocore", "aiohttp"))
"""Has its own environment, since it pins a version of botocore."""

PLAIN = Environment("plain", (".", "boto3"), ("boto3", "httpx", "pydantic"))
"""A user's environment: importing httpx and pydantic takes longer with more packages."""
