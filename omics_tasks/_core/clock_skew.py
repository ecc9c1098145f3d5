"""Clock skew: the difference between this machine's clock and the service's.

Signatures are valid for minutes only, so the service rejects every request that a skewed clock
signs.
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
# Some services report a skewed clock as a lack of permission.
_ACCESS_CODES = frozenset({"AccessDenied", "AccessDeniedException"})
_TIME_WORDS = ("Signature expired", "Signature not yet current")


def skew_of(headers: Mapping[str, str], sent: datetime, received: datetime) -> timedelta | None:
    """Return what to add to this machine's time to get the service's; None if unknown.

    The response's ``Date`` is taken as the middle of the round trip. The skew is unknown if the
    response has no ``Date``, comes from a cache (it has an ``Age``) or took over 15 minutes.
    """
    date = date_of(headers)
    if date is None or received - sent > _LONGEST_ROUND_TRIP:
        return None
    return date - (sent + (received - sent) / 2)


def date_of(headers: Mapping[str, str]) -> datetime | None:
    """Return the ``Date`` of a response; None if it has none or comes from a cache."""
    return None if "age" in headers else to_datetime(headers.get("date"))


# Responses of the same second share their Date, and parsing one takes as long as a small body.
@lru_cache(maxsize=16)
def to_datetime(text: str | None) -> datetime | None:
    """Return the time in an HTTP header; None if it holds no valid time."""
    try:
        date = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return aware if aware.year < _LAST_YEAR else None


def is_off(skew: timedelta, correction: timedelta) -> bool:
    """Return whether a clock with this correction is too skewed to sign requests."""
    return abs(skew - correction) >= _THRESHOLD


def is_about_time(fault: ServiceError) -> bool:
    """Return whether the error says that the service rejected the request for its time."""
    if fault.code in _TIME_CODES:
        return True
    return fault.code in _SIGNATURE_CODES and (fault.message or "").startswith(_TIME_WORDS)


def may_be_about_time(fault: ServiceError) -> bool:
    """Return whether a skewed clock could be the reason for the error."""
    return fault.code in _TIME_CODES | _SIGNATURE_CODES | _ACCESS_CODES
