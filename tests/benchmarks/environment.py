"""aiobotocore's environment of its own: it pins a botocore that others need not have."""

from __future__ import annotations

import subprocess
import sys

from .processes import ROOT

_HOME = ROOT / ".benchmarks"
PYTHON = _HOME / "aiobotocore" / "bin" / "python"
_VERSIONS = """
from importlib.metadata import version
print(*(f"{name} {version(name)}" for name in ("aiobotocore", "botocore", "aiohttp")), sep=", ")
"""


def make() -> None:
    """Makes the environment where it isn't yet; the network is needed for that."""
    if PYTHON.exists():
        return
    _HOME.mkdir(exist_ok=True)
    (_HOME / ".gitignore").write_text("*\n")
    subprocess.run([sys.executable, "-m", "venv", PYTHON.parents[1]], check=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "aiobotocore"], check=True)


def versions() -> str:
    """What is in it."""
    printed = subprocess.run([PYTHON, "-c", _VERSIONS], capture_output=True, text=True, check=True)
    return printed.stdout.strip()
