"""People who go and work with the other union for a while."""

from flask import Flask


def init_app(_app: Flask) -> None:
    pass
