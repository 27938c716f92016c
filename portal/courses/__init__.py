"""What is taught, when, and who sits where."""

from flask import Flask


def init_app(_app: Flask) -> None:
    pass
