"""The fixed words of the exchange: states, kinds, sectors, languages, certificates, each with its label."""

from __future__ import annotations

from enum import StrEnum

from portal.i18n import _l


class RoundState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    MATCHING = "matching"
    PUBLISHED = "published"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {
            "draft": _l("Being prepared"),
            "open": _l("Open for applications"),
            "matching": _l("Being matched"),
            "published": _l("Offers sent"),
            "closed": _l("Closed"),
        }[self.value]

    @property
    def tone(self) -> str:
        return {"open": "good", "matching": "wait", "published": "good"}.get(self.value, "note")


class PlacementState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {"open": _l("Open"), "closed": _l("Closed")}[self.value]


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {"draft": _l("Draft"), "submitted": _l("Sent in"), "withdrawn": _l("Withdrawn")}[self.value]

    @property
    def tone(self) -> str:
        return {"draft": "wait", "submitted": "good", "withdrawn": "note"}[self.value]


class HoldKind(StrEnum):
    PIN = "pin"
    BAN = "ban"

    @property
    def label(self) -> str:
        return {"pin": _l("Pinned here"), "ban": _l("Never here")}[self.value]


class PlanState(StrEnum):
    SOLVING = "solving"
    READY = "ready"
    PUBLISHED = "published"
    FAILED = "failed"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> str:
        return {
            "solving": _l("Being worked out"),
            "ready": _l("Ready to look at"),
            "published": _l("Published"),
            "failed": _l("Stopped"),
            "superseded": _l("Replaced by a newer plan"),
        }[self.value]

    @property
    def tone(self) -> str:
        return {"solving": "wait", "ready": "good", "published": "good", "failed": "bad"}.get(
            self.value, "note"
        )


class OfferState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    REFUSED = "refused"
    LAPSED = "lapsed"
    REPLACED = "replaced"

    @property
    def label(self) -> str:
        return {
            "offered": _l("Offered, waiting for the guest"),
            "accepted": _l("Accepted, waiting for the host"),
            "confirmed": _l("Confirmed by both"),
            "declined": _l("Declined"),
            "refused": _l("The host said no"),
            "lapsed": _l("Not answered in time"),
            "replaced": _l("Replaced by another offer"),
        }[self.value]

    @property
    def tone(self) -> str:
        return {"offered": "wait", "accepted": "wait", "confirmed": "good", "replaced": "note"}.get(
            self.value, "bad"
        )


class Language(StrEnum):
    EN = "en"
    ES = "es"
    FR = "fr"

    @property
    def label(self) -> str:
        return {"en": _l("English"), "es": _l("Spanish"), "fr": _l("French")}[self.value]


class Level(StrEnum):
    NONE = "none"
    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"

    @property
    def label(self) -> str:
        return {
            "none": _l("None yet"),
            "A1": _l("A1 · first words"),
            "A2": _l("A2 · everyday matters"),
            "B1": _l("B1 · gets along alone"),
            "B2": _l("B2 · follows a meeting"),
            "C1": _l("C1 · fluent"),
            "C2": _l("C2 · like a first language"),
        }[self.value]


class Sector(StrEnum):
    MINING = "mining"
    STEEL = "steel"
    SMELTING = "smelting"
    ALUMINUM = "aluminum"
    PAPER = "paper"
    CHEMICALS = "chemicals"
    HEALTH = "health"
    OFFICE = "office"

    @property
    def label(self) -> str:
        return {
            "mining": _l("Mining"),
            "steel": _l("Steel"),
            "smelting": _l("Smelting and refining"),
            "aluminum": _l("Aluminum"),
            "paper": _l("Paper and forestry"),
            "chemicals": _l("Chemicals and energy"),
            "health": _l("Health care"),
            "office": _l("Union office"),
        }[self.value]


class Certificate(StrEnum):
    SITE_SAFETY = "site_safety"
    MEDICAL = "medical"
    FIRST_AID = "first_aid"

    @property
    def label(self) -> str:
        return {
            "site_safety": _l("Site safety training"),
            "medical": _l("Medical fitness"),
            "first_aid": _l("First aid"),
        }[self.value]


# How offices write sectors and certificates, folded by portal.sheets.fold when they are looked up.
SECTOR_WORDS = {
    Sector.MINING: "mining, mine, mines, miner, copper mining, nickel mining, silver mining, zinc mining, coal, "
    "minería, mina, minas, minero, minería de cobre, cobre, mine de cuivre, mines et métaux, exploitation minière",
    Sector.STEEL: "steel, mill, steel mill, steelworks, iron and steel, acero, siderurgia, siderúrgica, acería, "
    "acier, aciérie, sidérurgie, metal, metals",
    Sector.SMELTING: "smelting, smelter, refinery, refining, smelting and refining, fundición, refinería, "
    "fundición y refinería, fonderie, affinage, raffinerie, fonte",
    Sector.ALUMINUM: "aluminum, aluminium, aluminio, aluminerie",
    Sector.PAPER: "paper, pulp and paper, forestry, papel, celulosa y papel, papier, pâtes et papiers, foresterie, "
    "paper and forestry",
    Sector.CHEMICALS: "chemicals, chemical, energy, oil, química, químicos, energía, chimie, énergie, "
    "chemicals and energy",
    Sector.HEALTH: "health, health care, healthcare, hospital, salud, hospitales, santé, soins de santé",
    Sector.OFFICE: "office, union office, staff, administration, oficina, oficina sindical, bureau, "
    "bureau syndical, administración",
}
CERTIFICATE_WORDS = {
    Certificate.SITE_SAFETY: "site safety, site safety training, safety, safety training, msha, msha part 46, "
    "msha part 48, osha 10, osha 30, seguridad, seguridad en sitio, curso de seguridad, seguridad minera, "
    "sécurité, sécurité sur le site, formation sécurité, cnesst, dc-3, dc3, whmis, simdut",
    Certificate.MEDICAL: "medical, medical exam, medical fitness, fit for work, médico, examen médico, "
    "certificado médico, aptitud médica, médical, certificat médical, aptitude médicale",
    Certificate.FIRST_AID: "first aid, cpr, primeros auxilios, rcp, premiers soins, secourisme, rcr",
}
