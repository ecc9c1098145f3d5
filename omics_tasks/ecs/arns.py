"""ARNs of Amazon ECS tasks.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from .._core.model import DenseList, Page

__all__ = ["TaskArn", "TaskArnPage"]

_TASK_ARN = re.compile(
    r"arn:[^:]*:ecs:(?P<region>[^:]*):(?P<account_id>[^:]*)"
    r":task/(?:(?P<cluster>[^/]*)/)?(?P<task_id>[^/]*)"
)


class TaskArn(str):
    """The ARN of a task: a string with its parts as properties.

    The form is ``arn:aws:ecs:us-east-1:111122223333:task/render/0cc43cdb3bee`` or, in the old short
    form, the same without the cluster. No string is an error: the properties of a string in
    another form are None.
    """

    __slots__ = ()

    @property
    def region(self) -> str | None:
        """Region, such as ``us-east-1``."""
        return self._part("region")

    @property
    def account_id(self) -> str | None:
        """Id of the account, 12 digits."""
        return self._part("account_id")

    @property
    def cluster(self) -> str | None:
        """Name of the task's cluster; None in the short form."""
        return self._part("cluster")

    @property
    def task_id(self) -> str | None:
        """Id of the task."""
        return self._part("task_id")

    def _part(self, name: str) -> str | None:
        found = _TASK_ARN.fullmatch(self)
        return found[name] or None if found else None

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Build the schema: any string."""
        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema())


class TaskArnPage(Page[TaskArn]):
    """One page of a listing of tasks.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
    """

    items: DenseList[TaskArn] = Field(default_factory=list[TaskArn], alias="taskArns")
    """ARNs of the tasks, up to 100. There may be fewer than requested even if more pages follow."""
