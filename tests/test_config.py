"""Settings come whole or the portal does not start."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.config import Settings, SettingsError

WHOLE = {
    "RELEVO_ENV": "production",
    "DATABASE_URL": "postgresql+psycopg://relevo@db/relevo",
    "SECRET_KEY": "k" * 32,
    "PUBLIC_URL": "https://relevo.example",
    "MAIL_URL": "smtp://mail.example:587",
    "MAIL_FROM": "relevo@relevo.example",
}


def test_whole_production_settings_are_taken():
    settings = Settings.from_env({**WHOLE, "SERVER_WORKERS": "4"})

    assert (settings.host, settings.is_secure, settings.server_workers) == ("relevo.example", True, 4)


@pytest.mark.parametrize("name", [name for name in WHOLE if name != "RELEVO_ENV"])
def test_what_is_missing_in_production_is_named(name):
    with pytest.raises(SettingsError, match=rf"Relevo cannot start: .*{name} is not set"):
        Settings.from_env({key: value for key, value in WHOLE.items() if key != name})


def test_everything_missing_is_named_at_once():
    with pytest.raises(SettingsError) as fault:
        Settings.from_env({"RELEVO_ENV": "production"})

    assert all(name in str(fault.value) for name in WHOLE if name != "RELEVO_ENV")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 32 characters"),
        ({"PUBLIC_URL": "http://relevo.example"}, "PUBLIC_URL must begin with https://"),
        ({"SERVER_WORKERS": "many"}, "SERVER_WORKERS is 'many'; it must be a whole number, at least 1"),
        ({"SERVER_WORKERS": "0"}, "SERVER_WORKERS is '0'; it must be a whole number, at least 1"),
        ({"RELEVO_ENV": "prod"}, "RELEVO_ENV is 'prod'; it must be one of development, testing, production"),
    ],
)
def test_what_is_wrong_is_said(change, sentence):
    with pytest.raises(SettingsError) as fault:
        Settings.from_env({**WHOLE, **change})

    assert sentence in str(fault.value)


def test_a_laptop_needs_no_settings_and_keeps_its_secret(tmp_path):
    first = Settings.from_env({"INSTANCE_PATH": str(tmp_path)})
    second = Settings.from_env({"INSTANCE_PATH": str(tmp_path)})

    assert first == second
    assert first.database_url == f"sqlite:///{tmp_path}/relevo.sqlite3"
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_zones_come_from_the_package_we_pin(app):
    assert zoneinfo.TZPATH == ()
    summer, winter = datetime(2027, 7, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    offsets = [moment.astimezone(ZoneInfo("America/Mexico_City")).utcoffset() for moment in (summer, winter)]
    assert offsets == [timedelta(hours=-6)] * 2
