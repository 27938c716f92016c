"""The instructor's week: rosters and attendance."""

from flask import Flask


def init_app(_app: Flask) -> None:
    pass
