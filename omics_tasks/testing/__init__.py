"""The task APIs of the three services on your own machine, for tests: no account, no network."""

from .deadline import DeadlineTaskIds
from .gateway import RecordedRequest
from .local_aws import LocalAWS

__all__ = ["DeadlineTaskIds", "LocalAWS", "RecordedRequest"]
