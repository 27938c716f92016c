"""The Flask extensions, created once and bound to the app in `create_app`."""

from flask_babel import Babel
from flask_htmx import HTMX
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, registry

from portal.types import TYPE_MAP

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    # Flask-SQLAlchemy derives its own base from this one; SQLAlchemy 2.1 lets it inherit a type map only so.
    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map=TYPE_MAP)


class Database(SQLAlchemy):
    """Says, for type checkers alone, that models are made with their columns by keyword."""

    Model: type[Base]  # pyright: ignore[reportIncompatibleVariableOverride]


db = Database(model_class=Base)
babel = Babel()
htmx = HTMX()
login = LoginManager()
csrf = CSRFProtect()
