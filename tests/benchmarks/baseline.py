"""What a page costs with nothing of ours: bare Flask, Flask-Login, Flask-SQLAlchemy, one Jinja page of twenty cards."""

from __future__ import annotations

from typing import Any

from flask import Flask, render_template
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

BASE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title>
<link rel="stylesheet" href="/static/app.css"></head><body><header><a href="/">Home</a> {{ current_user.name }}</header>
<main>{% block main %}{% endblock %}</main></body></html>"""
PAGE = """{% extends "base.html" %}{% block title %}People{% endblock %}{% block main %}<h1>People</h1>
{% for person in people %}<article><h2><a href="/people/{{ person.id }}">{{ person.name }}</a></h2>
<p>{{ person.email }}</p><p>{{ person.locale }}, {{ person.zone }}</p></article>{% endfor %}{% endblock %}"""


def create_baseline(database_url: str) -> Flask:
    """`/sign-in/<id>` signs in; `/<n>` is a page that asks the database n times, the sign-in included."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="baseline", SQLALCHEMY_DATABASE_URI=database_url)
    app.jinja_loader = DictLoader({"base.html": BASE, "page.html": PAGE})  # type: ignore[assignment]
    db: Any = SQLAlchemy(app)
    login = LoginManager(app)

    class Person(UserMixin, db.Model):
        __tablename__ = "member"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]
        email: Mapped[str]
        locale: Mapped[str]
        zone: Mapped[str]

    @login.user_loader
    def load(identity: str) -> Person | None:
        return db.session.get(Person, int(identity))

    @app.get("/sign-in/<int:identity>")
    def sign_in(identity: int) -> str:
        login_user(db.session.get_one(Person, identity))
        return "signed in"

    @app.get("/<int:queries>")
    @login_required
    def page(queries: int) -> str:
        assert current_user.is_authenticated
        people: list[Person] = []
        for number in range(queries - 1):
            people = db.session.scalars(
                select(Person).where(Person.id > number).order_by(Person.id).limit(20)
            ).all()
        return render_template("page.html", people=people)

    return app
