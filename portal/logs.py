"""What goes into the log of a fault: where it happened, never what was said; messages may hold names."""

from __future__ import annotations

import traceback


def where(error: BaseException) -> str:
    """The kind of `error` and the places it passed through, without its message and without any value."""
    frames = traceback.extract_tb(error.__traceback__)
    path = " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames)
    return f"{type(error).__name__} at {path}"
