"""Code that type checkers must reject: each line ends with its error. Never run."""

from __future__ import annotations

from omics_tasks import AsyncHealthOmicsClient, DeadlineClient, ECSClient, HealthOmicsClient

with HealthOmicsClient() as omics:
    omics.get_run(1234567)  # an int for an id
    omics.get_run("1", export=["EVERYTHING"])  # an export that there is none of
    omics.get_run("1", export="DEFINITION")  # a string for a sequence
    omics.list_run_tasks("1", status="DONE")  # a wrong status
    omics.list_run_tasks("1", page_size="5")  # a string for a number
    omics.get_run_task("1", 2)  # an int for an id
    omics.get_run("1").status.lower()  # what may be None
    omics.wait_for_run("1", until="COMPLETED")  # a service's status for a state
    omics.wait_for_run("1", timeout="5")  # a string for a number
with ECSClient() as ecs:
    ecs.list_tasks("render")  # a filter without its name
    ecs.list_tasks(desired_status="DELETED")  # a wrong status
    ecs.list_tasks(launch_type="LAMBDA")  # a wrong launch type
    ecs.iter_tasks(desired_status=["DONE"])  # a wrong status among several
with DeadlineClient() as deadline:
    deadline.get_task("f", "q", "j", "s")  # a missing id
HealthOmicsClient(regoin="us-east-1")  # a misspelt option
AsyncHealthOmicsClient(timeout="5")  # a string for a number
