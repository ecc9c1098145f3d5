"""AWS HealthOmics: runs and their tasks."""

from . import client, enums, errors, models, operations
from .client import *  # noqa: F403 - each module's __all__ is the list of its public names
from .enums import *  # noqa: F403 - as above
from .errors import *  # noqa: F403 - as above
from .models import *  # noqa: F403 - as above
from .operations import *  # noqa: F403 - as above

__all__: list[str] = []
__all__ += client.__all__
__all__ += enums.__all__
__all__ += errors.__all__
__all__ += models.__all__
__all__ += operations.__all__
