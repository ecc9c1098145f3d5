"""AWS Deadline Cloud: tasks."""

from . import client, errors, models, operations, searching
from .client import *  # noqa: F403 - each module's __all__ is the list of its public names
from .errors import *  # noqa: F403 - as above
from .models import *  # noqa: F403 - as above
from .operations import *  # noqa: F403 - as above
from .searching import *  # noqa: F403 - as above

__all__: list[str] = []
__all__ += client.__all__
__all__ += errors.__all__
__all__ += models.__all__
__all__ += operations.__all__
__all__ += searching.__all__
