"""A device as its owner would know it again, and nothing more exact."""

from __future__ import annotations

from portal.i18n import N_

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
UNKNOWN = N_("Unknown device")


def device(user_agent: str) -> str:
    """ "Firefox, Android"; no version, so that it tells devices apart but identifies nobody."""
    found = [
        next((name for sign, name in table if sign in user_agent), None) for table in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name) or UNKNOWN
