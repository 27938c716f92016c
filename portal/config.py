"""Settings, read once from the environment and never changed afterwards."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ENVIRONMENTS = ("development", "testing", "production")
PROJECT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """The environment does not describe a portal that could start; the message says what is missing."""


@dataclass(frozen=True)
class Settings:
    """How this portal runs. Build it with `from_env`; tests pass their own."""

    environment: str
    database_url: str
    secret_key: str
    public_url: str
    instance_path: Path
    mail_url: str | None = None
    mail_from: str = "relevo@localhost"
    server_workers: int = 2
    proxies: int = 0

    @property
    def is_development(self) -> bool:
        return self.environment == "development"

    @property
    def is_testing(self) -> bool:
        return self.environment == "testing"

    @property
    def is_secure(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.public_url).netloc

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read RELEVO_ENV and its companions. Raises `SettingsError`, naming every fault at once."""
        environment = environ.get("RELEVO_ENV", "development")
        faults: list[str] = []
        if environment not in ENVIRONMENTS:
            faults.append(f"RELEVO_ENV is {environment!r}; it must be one of {', '.join(ENVIRONMENTS)}")
        instance = Path(environ.get("INSTANCE_PATH") or PROJECT / "instance")
        if environment == "production":
            faults += _production_faults(environ)
        workers = _whole_number(environ, "SERVER_WORKERS", os.cpu_count() or 1, faults, least=1)
        proxies = _whole_number(environ, "TRUSTED_PROXIES", 0, faults, least=0)
        if faults:
            raise SettingsError("Relevo cannot start: " + "; ".join(faults) + ".")
        return cls(
            environment=environment,
            database_url=environ.get("DATABASE_URL") or f"sqlite:///{instance / 'relevo.sqlite3'}",
            secret_key=environ.get("SECRET_KEY") or _local_secret(instance),
            public_url=(environ.get("PUBLIC_URL") or "http://127.0.0.1:8000").rstrip("/"),
            instance_path=instance,
            mail_url=environ.get("MAIL_URL") or None,
            mail_from=environ.get("MAIL_FROM") or "relevo@localhost",
            server_workers=workers,
            proxies=proxies,
        )


def _production_faults(environ: Mapping[str, str]) -> list[str]:
    faults = [
        f"{name} is not set ({what})"
        for name, what in (
            ("DATABASE_URL", "where the records are kept"),
            ("SECRET_KEY", "at least 32 random characters"),
            ("PUBLIC_URL", "the https address people use"),
            ("MAIL_URL", "smtp://user:password@host:port, for invitations and notices"),
            ("MAIL_FROM", "the address mails come from"),
        )
        if not environ.get(name)
    ]
    if 0 < len(environ.get("SECRET_KEY", "")) < 32:
        faults.append("SECRET_KEY is shorter than 32 characters")
    if environ.get("PUBLIC_URL") and not environ["PUBLIC_URL"].startswith("https://"):
        faults.append("PUBLIC_URL must begin with https://")
    return faults


def _whole_number(
    environ: Mapping[str, str], name: str, default: int, faults: list[str], *, least: int
) -> int:
    text = environ.get(name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text) < least:
        faults.append(f"{name} is {text!r}; it must be a whole number, at least {least}")
        return default
    return int(text)


def _local_secret(instance: Path) -> str:
    """Keep one random secret beside the local database, so that restarting signs nobody out."""
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()
