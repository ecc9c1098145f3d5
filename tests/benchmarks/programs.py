"""Whole programs, to be measured in a new process; ``AWS_ENDPOINT_URL`` is the server."""

BARE_PYTHON = "pass"
IMPORT_OURS = "import omics_tasks"

FIRST_PAGE_OURS = """
from omics_tasks import HealthOmicsClient
next(HealthOmicsClient().list_run_tasks("1000", page_size=100).pages())
"""
FIRST_PAGE_BOTO3 = """
import boto3
from botocore.config import Config
omics = boto3.client("omics", config=Config(inject_host_prefix=False))
listing = omics.get_paginator("list_run_tasks")
next(iter(listing.paginate(id="1000", PaginationConfig={"PageSize": 100})))
"""
STREAM_OURS = """
from omics_tasks import HealthOmicsClient
for _ in HealthOmicsClient(rate_limit=None).list_run_tasks("{tasks}", page_size=100):
    pass
"""
