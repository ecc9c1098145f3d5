"""How far this machine's clock is from the service's.

Signatures hold for minutes only, so a clock that is off has every request refused.
https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

from ..errors import ServiceError

_THRESHOLD = timedelta(minutes=4)
_LONGEST_ROUND_TRIP = timedelta(minutes=15)
_LAST_YEAR = 9000

_TIME_CODES = frozenset({"RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"})
_SIGNATURE_CODES = frozenset({"AuthFailure", "InvalidSignatureException", "SignatureDoesNotMatch"})
# Some services refuse a wrong time as they refuse any caller.
_ACCESS_CODES = frozenset({"AccessDenied", "AccessDeniedException"})
_TIME_WORDS = ("Signature expired", "Signature not yet current")


def skew_of(headers: Mapping[str, str], sent: datetime, received: datetime) -> timedelta | None:
    """What to add to this machine's time to have the service's; None where an answer can't tell.

    The answer's ``Date`` is taken to be of the middle of the round trip. An answer out of a cache,
    which has an ``Age``, can't tell, and neither can one that took over 15 minutes.
    """
    date = date_of(headers)
    if date is None or received - sent > _LONGEST_ROUND_TRIP:
        return None
    return date - (sent + (received - sent) / 2)


def date_of(headers: Mapping[str, str]) -> datetime | None:
    """When an answer was given, by the service's clock; None where it, or a cache, can't tell."""
    return None if "age" in headers else to_datetime(headers.get("date"))


# Answers that come at once have the same Date, and reading one takes as long as a small body does.
@lru_cache(maxsize=16)
def to_datetime(text: str | None) -> datetime | None:
    """The time that an HTTP header says, if it says one."""
    try:
        date = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return aware if aware.year < _LAST_YEAR else None


def is_off(skew: timedelta, correction: timedelta) -> bool:
    """Return whether a clock with this correction is too far from the service's to sign by."""
    return abs(skew - correction) >= _THRESHOLD


def is_about_time(fault: ServiceError) -> bool:
    """Whether the service says that it refuses the request for its time."""
    if fault.code in _TIME_CODES:
        return True
    return fault.code in _SIGNATURE_CODES and (fault.message or "").startswith(_TIME_WORDS)


def may_be_about_time(fault: ServiceError) -> bool:
    """Whether a clock that is off could be why the service refuses the request."""
    return fault.code in _TIME_CODES | _SIGNATURE_CODES | _ACCESS_CODES
