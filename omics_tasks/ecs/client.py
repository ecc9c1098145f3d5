"""The ECS clients."""

from __future__ import annotations

from .._client import AsyncClient, SyncClient
from ..pagination import AsyncPaginator, Paginator
from .models import DesiredStatus, LaunchType, TaskArn
from .operations import ECS, LIST_TASKS, DesiredStatusName, LaunchTypeName

__all__ = ["AsyncECSClient", "ECSClient"]


class ECSClient(SyncClient):
    """Reads the tasks of Amazon ECS.

    Every method raises ``ParamValidationError`` for bad arguments, before anything is sent; a
    ``ServiceError`` where the service refuses (``omics_tasks.ecs.errors`` has those that it
    documents); ``TransportError`` where no answer comes; ``ResponseError`` for one that can't be
    read. AWS lets an account list 100 times at once and 20 times a second on, in a Region, with
    all that describes tasks counted in.
    """

    _service = ECS

    def list_tasks(
        self,
        *,
        cluster: str | None = None,
        container_instance: str | None = None,
        family: str | None = None,
        started_by: str | None = None,
        service_name: str | None = None,
        desired_status: DesiredStatus | DesiredStatusName | None = None,
        launch_type: LaunchType | LaunchTypeName | None = None,
        daemon_name: str | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> Paginator[TaskArn]:
        """The ARNs of a cluster's tasks: those meant to run, unless ``desired_status`` says else.

        ``cluster`` is a name or an ARN, the cluster ``default`` if left out. ``started_by`` must
        be the only filter beside it. Stopped tasks are listed for about an hour. ``page_size`` is
        1 to 100 tasks a request; ``max_items`` ends the listing early; ``starting_token`` is a
        ``resume_token`` or a page's ``next_token``; ``prefetch`` asks for the next page while one
        is worked on. A cluster that isn't there raises
        ``omics_tasks.ecs.ClusterNotFoundException``.
        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
        """
        return self._list(
            LIST_TASKS,
            cluster=cluster,
            container_instance=container_instance,
            family=family,
            started_by=started_by,
            service_name=service_name,
            desired_status=desired_status,
            launch_type=launch_type,
            daemon_name=daemon_name,
            page_size=page_size,
            max_items=max_items,
            starting_token=starting_token,
            prefetch=prefetch,
        )


class AsyncECSClient(AsyncClient):
    """``ECSClient``, awaited: the same methods, arguments and errors."""

    _service = ECS

    def list_tasks(
        self,
        *,
        cluster: str | None = None,
        container_instance: str | None = None,
        family: str | None = None,
        started_by: str | None = None,
        service_name: str | None = None,
        desired_status: DesiredStatus | DesiredStatusName | None = None,
        launch_type: LaunchType | LaunchTypeName | None = None,
        daemon_name: str | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> AsyncPaginator[TaskArn]:
        """See ``ECSClient.list_tasks``; iterated with ``async for``, not awaited."""
        return self._list(
            LIST_TASKS,
            cluster=cluster,
            container_instance=container_instance,
            family=family,
            started_by=started_by,
            service_name=service_name,
            desired_status=desired_status,
            launch_type=launch_type,
            daemon_name=daemon_name,
            page_size=page_size,
            max_items=max_items,
            starting_token=starting_token,
            prefetch=prefetch,
        )
