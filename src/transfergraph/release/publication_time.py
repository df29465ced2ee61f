"""When a release counts as published: as xsd:dateTime in UTC, to the second."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


def publication_time(issued: date, before: str | None) -> str:
    """When a release counts as published: at the beginning of its day (UTC), but always later than the
    release before, given as such a time."""
    if before is None:
        return midnight(issued)
    later = datetime.fromisoformat(before).astimezone(UTC) + timedelta(seconds=1)
    return max(midnight(issued), later.strftime("%Y-%m-%dT%H:%M:%SZ"))


def midnight(day: date) -> str:
    """The beginning of a day in UTC, as such a time."""
    return f"{day.isoformat()}T00:00:00Z"
