"""Rounds, hosts, placements and applicants for the tests of the exchange; every function commits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from portal import clock, jobs
from portal.accounts.models import Country, Member
from portal.exchange import actions, plan_actions, plan_queries
from portal.exchange.models import Application, Host, Placement, Plan, Round
from portal.exchange.words import ApplicationState, Language, Level, RoundState, Sector
from portal.extensions import db
from tests.factories import Factory

CANARY = "canary-7Q4"
HOME = {"usw": Country.US, "mineros": Country.MX}
OTHER = {"usw": "mineros", "mineros": "usw"}


class Exchange:
    """One open round of today with its two coordinators; what is not said gets a plain default."""

    def __init__(self, make: Factory, now: datetime | None = None):
        self.make = make
        self.now = now or clock.now()
        self.today = self.now.date()
        self.pat = make.member("Pat Example", "coordinator", union="usw")
        self.paz = make.member("Paz Ejemplo", "coordinator", union="mineros")
        self.round = self.new_round()

    def new_round(self, name: str = "Spring exchange", state: RoundState = RoundState.OPEN) -> Round:
        fields = {
            "name": name,
            "opens_on": self.today - timedelta(days=10),
            "closes_on": self.today + timedelta(days=10),
            "max_head_difference": None,
            "budget": None,
        }
        round_ = actions.create_round(fields, by=self.pat, now=self.now)
        round_.state, round_.salt = state, "salt"
        db.session.commit()
        return round_

    def day(self, number: int) -> date:
        """That many days from today, and a hundred."""
        return self.today + timedelta(days=100 + number)

    def host(self, union: str = "mineros", name: str = "Sección 65", city: str = "Cananea") -> Host:
        by = {"usw": self.pat, "mineros": self.paz}[union]
        fields = {
            "name": name,
            "local_id": None,
            "city": city,
            "country": HOME[union],
            "description": "A quiet town.",
        }
        host = actions.save_host(None, fields, by=by, now=self.now)
        db.session.commit()
        return host

    def placement(self, host: Host | None = None, round_: Round | None = None, **changes: Any) -> Placement:
        host = host or self.host()
        by = self.pat if host.union_id == self.pat.union_id else self.paz
        fields = {
            "code": "",
            "starts_on": self.day(0),
            "ends_on": self.day(27),
            "min_days": 14,
            "max_days": None,
            "capacity": 1,
            "sector": Sector.MINING,
            "language": Language.ES if host.union_id == self.paz.union_id else Language.EN,
            "min_level": Level.NONE,
            "interpreter_seats": 0,
            "certificates": [],
            "passport_margin_days": 0,
            "cost": 1000,
            "description": "",
        } | changes
        place = actions.create_placement(round_ or self.round, host, fields, by=by, now=self.now)
        db.session.commit()
        return place

    def applicant(
        self, name: str = "Ana Example", union: str = "usw", round_: Round | None = None, **changes: Any
    ) -> Application:
        member = changes.pop("member", None) or self.make.member(
            name, union=union, locale="en" if union == "usw" else "es_MX"
        )
        application = actions.new_application(round_ or self.round, member, now=self.now)
        fields = {
            "windows": [[self.day(0).isoformat(), self.day(40).isoformat()]],
            "languages": {"en": "B2", "es": "B2"},
            "passport_until": self.day(2000),
            "entry": {"US": "open", "MX": "open", "CA": "open"},
            "notes": f"{CANARY} notes of {name}",
            "state": ApplicationState.SUBMITTED,
            "submitted_at": self.now,
        } | changes
        for key, value in fields.items():
            setattr(application, key, value)
        db.session.commit()
        return application

    def close(self) -> None:
        """Stop taking applications, as a coordinator does before matching."""
        actions.move_round(self.round, RoundState.MATCHING, by=self.pat, now=self.now)
        db.session.commit()

    def solve(self, by: Member | None = None) -> Plan:
        """Have a plan worked out and let the worker do it."""
        plan = plan_actions.solve(self.round, by=by or self.pat, now=self.now)
        db.session.commit()
        jobs.work_off()
        return plan_queries.plan_or_404(plan.id)

    def publish(self) -> Plan:
        """Match and publish; the letters are still with the worker."""
        self.close()
        plan = self.solve()
        plan_actions.publish(plan, by=self.pat, now=self.now)
        db.session.commit()
        return plan


def member_of(application: Application) -> Member:
    return db.session.get_one(Member, application.member_id)
