"""The only place that asks what time it is, and the one set of rules for the time elsewhere."""

import zoneinfo
from datetime import UTC, datetime

# Zones come from the tzdata package we pin, not from the system's copy: an old server must not bring
# back the summer time that Mexico gave up in 2022.
zoneinfo.reset_tzpath(to=())


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)
