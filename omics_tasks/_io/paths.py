"""Paths in settings."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import ConfigurationError


def find_path(text: str, place: str) -> Path | None:
    """Return the path with its ``~`` expanded; None if nothing is found there.

    Raise ConfigurationError, which names ``place``, for a text that is not a valid path.
    """
    user = next(iter(Path(text).parts), "")
    has_user = user.startswith("~") and user != "~"
    if has_user and not os.path.isdir(os.path.expanduser(user)):  # noqa: PTH111, PTH112 - never raise
        raise ConfigurationError(
            f"{place} is {text[:80]!r}, and {user[1:80]!r} has no home folder here; "
            "give the full path"
        )
    path = Path(os.path.expanduser(text))  # noqa: PTH111 - never raises
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"{place} is {text[:80]!r}, which is not a valid path: {reason}"
        raise ConfigurationError(message) from error
    return path


def is_readable(path: Path) -> bool:
    """Return whether this process may read the file or the files in the folder."""
    return os.access(path, os.R_OK | os.X_OK if path.is_dir() else os.R_OK)
