"""Sample data for ``python -m omics_tasks.testing --demo``."""

from __future__ import annotations

from .local_aws import LocalAWS


def fill(aws: LocalAWS) -> tuple[str, ...]:
    """Add a run and tasks of each service. Return AWS CLI commands that show them, line by line."""
    run = aws.healthomics.add_run(
        name="joint genotyping",
        status="PENDING",
        ends={"status": "FAILED", "failure_reason": "RUN_TASK_FAILED"},
    )
    for name in ("align", "sort", "deduplicate", "call"):
        aws.healthomics.add_task(run.id, name=name, status="PENDING", lasts={"RUNNING": 120})
    merge = aws.healthomics.add_task(
        run.id,
        name="merge",
        status="PENDING",
        ends={"status": "FAILED", "status_message": "exit code 137: out of memory"},
    )
    aws.ecs.add_cluster("render")
    arn, *_ = (
        aws.ecs.add_task(cluster="render", family="blender", last_status="PROVISIONING")
        for _ in range(3)
    )
    aws.ecs.add_task(cluster="render", family="blender", desired_status="STOPPED")
    ids = aws.deadline.add_task(run_status="READY")
    return (
        f"aws omics get-run --id {run.id}",
        f"aws omics list-run-tasks --id {run.id}",
        f"aws omics get-run-task --id {run.id} --task-id {merge.task_id}",
        "aws ecs list-tasks --cluster render",
        f"aws ecs describe-tasks --cluster render --tasks {arn.task_id}",
        f"aws deadline get-task --farm-id {ids.farm_id} \\",
        f"    --queue-id {ids.queue_id} \\",
        f"    --job-id {ids.job_id} \\",
        f"    --step-id {ids.step_id} \\",
        f"    --task-id {ids.task_id}",
    )
