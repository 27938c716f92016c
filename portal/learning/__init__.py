"""Lessons, checking, review and progress."""

from flask import Flask


def init_app(_app: Flask) -> None:
    pass
