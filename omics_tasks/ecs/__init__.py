"""Amazon ECS: tasks."""

from . import arns, client, containers, enums, errors, models, operations, overrides
from .arns import *  # noqa: F403 - each module's __all__ is the list of its public names
from .client import *  # noqa: F403 - as above
from .containers import *  # noqa: F403 - as above
from .enums import *  # noqa: F403 - as above
from .errors import *  # noqa: F403 - as above
from .models import *  # noqa: F403 - as above
from .operations import *  # noqa: F403 - as above
from .overrides import *  # noqa: F403 - as above

__all__: list[str] = []
__all__ += client.__all__
__all__ += arns.__all__
__all__ += containers.__all__
__all__ += enums.__all__
__all__ += errors.__all__
__all__ += models.__all__
__all__ += operations.__all__
__all__ += overrides.__all__
