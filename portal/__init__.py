"""Relevo: the language-exchange and training portal of the Solidarity Alliance."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.config import PROJECT, Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the portal: extensions, edge, features, in that order.

    Without `settings` they are read from the environment. Raises `SettingsError` when they are half-set.
    """
    from portal import (
        assets,
        commands,
        compression,
        database,
        i18n,
        messages,
        serving,
        site,
        web,
    )
    from portal.extensions import db, htmx

    settings = settings or Settings.from_env()
    app = web.Portal(__name__, template_folder=str(PROJECT / "templates"), static_folder=None)
    app.request_class = web.CleanRequest
    app.url_map.converters["int"] = web.BoundedInteger
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(settings),
        SESSION_COOKIE_NAME="relevo_form",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # web.py compares the Origin itself
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=5_000,
        TRUSTED_HOSTS=[settings.host] if settings.environment == "production" else None,
        TESTING=settings.is_testing,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.extensions["relevo"] = settings
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]

    settings.instance_path.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    database.init_app(app)
    i18n.init_app(app)
    htmx.init_app(app)
    assets.init_app(app, PROJECT / "static", watch=settings.environment != "production")
    web.init_app(app)
    _add_features(app)
    web.guard(app)
    site.init_app(app, settings)
    compression.init_app(app)
    commands.init_app(app)
    serving.register(app)
    messages.register(app)
    return app


def _add_features(app: Flask) -> None:
    from portal import accounts, courses, exchange, learning, teaching

    for feature in (accounts, courses, learning, teaching, exchange):
        feature.init_app(app)
