"""The messy tables in tests/*/files, made anew: python tests/sheet_files.py

Invented people only. Beside each folder's tables stands expected.json: what reading each must find.
"""

# Expected sentences stand whole on their line; workbooks know no time zones.
# ruff: noqa: E501, DTZ001

import io
import json
import random
import re
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

TESTS = Path(__file__).parent
TODAY = date(2027, 1, 11)

ENGLISH_GIVEN = (
    "Ashley Brandon Carla Darnell Eileen Frank Gwen Harold Imani Jerome Kayla LeRoy Marcy Nate Odessa Pete Quinn "
    "Renée Shawn Tamika Ursula Vern Wanda Xander Yolanda Zeke Mary-Kate D'Andre"
).split()
ENGLISH_FAMILY = (
    "Kowalczyk O'Malley Van-Horn Stubblefield Mazzetti Whitefeather Lundquist Hrabowski MacAllister Obuya Petrakis "
    "Yellowhair Zaremba Fitzgibbon Delacroix Nakagawa Ironsmith Coldwater Bellweather Rivetson"
).split()
SPANISH_GIVEN = (
    "José María Ángel Lucía Íñigo Concepción Martín Sofía Óscar Ximena Raúl Guadalupe Andrés Verónica Héctor Inés "
    "Tomás Belén Joaquín Úrsula Fermín Rocío Cruz Noé"
).split()
SPANISH_FAMILY = (
    "Núñez Peña Ibáñez Treviño Cárdenas Güereña Múzquiz Santibáñez Ordóñez Valdés Zúñiga Barragán Quiñones Yáñez "
    "Limón Arizmendi Cobre Fragua Minero Socavón"
).split()
FRENCH_GIVEN = (
    "Élise Jean-Guy Maëlle Benoît Zoé François Anaïs Réjean Océane Loïc Thérèse Gaétan Chloé Hervé Noémie Urbain "
    "Cécile Aurèle Françoise Théo"
).split()
FRENCH_FAMILY = (
    "Tremblay-Côté Lévesque Bélanger Gagné L'Écuyer Desrochers Fréchette Saint-Gelais Thériault Brûlé Noël Maçon "
    "Laforge Ducuivre Forgeron Beaupré"
).split()
ENGLISH_MONTHS = (
    "January February March April May June July August September October November December".split()
)
SPANISH_MONTHS = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
)
FRENCH_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()


@dataclass
class Sheet:
    """Rows as they will stand in the file, with what a reader must say about them."""

    rows: list[list[Any]] = field(default_factory=list)
    refused: dict[int, list[list[str]]] = field(default_factory=dict)
    skipped: list[int] = field(default_factory=list)
    same: list[list[int]] = field(default_factory=list)
    similar: list[list[int]] = field(default_factory=list)

    def add(self, *cells: Any) -> int:
        self.rows.append(list(cells))
        return len(self.rows)

    def skip(self, *cells: Any) -> None:
        self.skipped.append(self.add(*cells))

    def refuse(self, cells: list[Any], *faults: tuple[int, Any, str]) -> int:
        """Add a row with the cell at each index replaced, to be refused in this sentence."""
        changed = list(cells)
        for index, value, _ in faults:
            changed[index] = value
        number = self.add(*changed)
        self.refused[number] = [[f"{chr(65 + index)}{number}", sentence] for index, _, sentence in faults]
        return number

    def expected(self, heading: int, **more: Any) -> dict[str, Any]:
        records = sum(1 for row in self.rows[heading:] if any(cell not in (None, "") for cell in row))
        return {
            "header_row": heading,
            "rows": records - len(self.skipped),
            "refused": {str(number): faults for number, faults in self.refused.items()},
            "skipped": self.skipped,
            "same_person": self.same,
            "similar_person": self.similar,
            **more,
        }


def address_of(*parts: str, number: int, domain: str) -> str:
    plain = "".join(c for c in normalize("NFKD", ".".join(parts)) if not combining(c))
    return f"{re.sub(r'[^A-Za-z.]', '', plain).lower()}{number}@{domain}"


def day_between(rng: random.Random, first: int, last: int) -> date:
    return date(first, 1, 1) + timedelta(days=rng.randrange(365 * (last - first)))


def people(rng: random.Random, given: Sequence[str], family: Sequence[str]) -> Callable[[], tuple[str, str]]:
    pairs = [(one, other) for one in given for other in family]
    rng.shuffle(pairs)
    return pairs.pop


def usw_roster() -> tuple[bytes, dict[str, Any]]:
    """A district office's export: a sheet of instructions, title rows, real dates among typed ones."""
    rng = random.Random(2011)
    sheet, person = Sheet(), people(rng, ENGLISH_GIVEN, ENGLISH_FAMILY)
    sheet.add("United Steelworkers – District 99 (sample office)")
    sheet.add("Membership export for the Solidarity Alliance portal")
    sheet.add("Prepared:", datetime(2027, 1, 8, 9, 30), None, "CONFIDENTIAL")
    sheet.add()
    headings = ["Local #", "Last Name", "First Name", "E-mail Address", "Cell Phone", "Status", "Portal Role(s)",
                "Preferred Language", "Time Zone", "Date Joined", "Dues Code", "Notes"]  # fmt: skip
    heading = sheet.add(*headings)
    zones = ["America/Chicago", "America/New_York", "America/Denver", "Chicago", "", None, "America/Phoenix"]

    def member(number: int) -> list[Any]:
        given, family = person()
        area, line = rng.choice((218, 412, 520, 219)), 100 + number % 100
        phone = rng.choice((f"({area}) 555-0{line}", f"{area}.555.0{line}", int(f"{area}5550{line}"), f"+1 {area} 555 0{line}",
                            f"1-{area}-555-0{line}", f"{area}-555-0{line} ext. {rng.randrange(10, 99)}", None))  # fmt: skip
        joined = day_between(rng, 1996, 2026)
        typed = rng.choice((datetime(joined.year, joined.month, joined.day),) * 3 + (
            f"{joined.month}/{joined.day}/{joined.year}", f"{joined.month:02}/{joined.day:02}/{joined:%y}",
            f"{ENGLISH_MONTHS[joined.month - 1]} {joined.day}, {joined.year}", joined.isoformat(), None))  # fmt: skip
        local = rng.choice((1938, 2660, "1938", "Local 2660", "USW Local 7600", 7600, "7600 "))
        return [
            local, rng.choice((family, family.upper(), f" {family} ")), given,
            address_of(given, family, number=number, domain=rng.choice(("example.org", "Example.ORG", "steel.example"))),
            phone, rng.choice(("Staff", "staff rep", "Member", "member", "Rank and File", "Officer", "Local Officer")),
            rng.choice((None, "Learner", "learner; instructor", "Exchange Coordinator", "student")),
            rng.choice(("English", "EN", "English", None, "Spanish")), rng.choice(zones), typed,
            f"D{rng.randrange(10, 99)}", rng.choice((None, None, "night shift", "=B7", "on leave until spring")),
        ]  # fmt: skip

    number = 0
    for number in range(1, 237):
        sheet.add(*member(number))
        if number % 60 == 0:
            sheet.add()
    row = member(number)
    sheet.refuse(row, (3, None, "This cell is empty. Every row needs: E-mail Address."))
    sheet.refuse(member(301), (3, "pending", "“pending” is not an e-mail address: the @ is missing."))
    sheet.refuse(member(302), (3, "vern@steel,example", "“,” cannot stand in an e-mail address."))
    sheet.refuse(member(303), (5, "Retiree", "“Retiree” is not one of: staff, leadership, membership."))
    sheet.refuse(
        member(304),
        (0, None, "This cell is empty. Every row needs: Local #."),
        (1, "#N/A", "The spreadsheet shows the error #N/A here. Correct the formula, or type the value."),
    )
    sheet.refuse(member(305), (6, "learner, treasurer", "“treasurer” is not one of: learner, instructor, coordinator, commission, administrator."))  # fmt: skip
    first = sheet.add(*member(306))
    again = list(sheet.rows[first - 1])
    sheet.same.append([first, sheet.add(*again)])
    again[3] = str(again[3]).replace("306", ".home306")
    sheet.similar.append([first, sheet.add(*again)])
    sheet.add()
    sheet.skip("Total members", 248)

    book = Workbook()
    help_page = book.worksheets[0]
    help_page.title = "Instructions"
    help_page["A1"] = "How to fill in this workbook"
    help_page["A3"] = "Send the sheet “Roster” to your coordinator. Do not rename the columns."
    page = book.create_sheet("Roster")
    for cells in sheet.rows:
        page.append(cells)
    for line in (1, 2):
        page.merge_cells(start_row=line, start_column=1, end_row=line, end_column=12)
        page.cell(line, 1).font = Font(bold=True, size=14)
    for cell in page[heading]:
        cell.fill = PatternFill("solid", fgColor="DDDDDD")
    for cells in page.iter_rows(min_row=heading + 1, min_col=10, max_col=10):
        cells[0].number_format = "m/d/yyyy"
    hidden = book.create_sheet("Lookup")
    hidden.append(["Local", "City"])
    hidden.append([1938, "Virginia, Minnesota"])
    hidden.sheet_state = "hidden"
    return saved(book), sheet.expected(
        heading, kind="xlsx", sheet="Roster", country="US", language="en", unknown=["K5", "L5"]
    )


def mineros_roster() -> tuple[bytes, dict[str, Any]]:
    """A sección's list out of an older program: Windows-1252, semicolons, headings on every page."""
    rng = random.Random(65)
    sheet, person = Sheet(), people(rng, SPANISH_GIVEN, SPANISH_FAMILY)
    sheet.add("SINDICATO NACIONAL (muestra) – SECCIÓN 65", *[""] * 11)
    sheet.add("Relación de agremiadas y agremiados para el portal", *[""] * 11)
    sheet.add(*[""] * 12)
    headings = ["No.", "Apellido paterno", "Apellido materno", "Nombre(s)", "Correo electrónico", "Sección", "Tel. celular",
                "Calidad", "Rol en el portal", "Idioma", "Zona horaria", "Fecha de ingreso"]  # fmt: skip
    heading = sheet.add(*headings)

    def member(number: int) -> list[Any]:
        given, family = person()
        second = rng.choice(SPANISH_FAMILY)
        area, line = rng.choice((664, 646, 641, 871)), 100 + number % 100
        phone = rng.choice((f"+52 {area} 555 0{line}", f"+52 1 {area} 555 0{line}", f"({area}) 555-0{line}",
                            f"01 {area} 555 0{line}", f"044 {area} 5550{line}", f"521{area}5550{line}", ""))  # fmt: skip
        joined = day_between(rng, 1994, 2026)
        typed = rng.choice((f"{joined.day}/{joined.month}/{joined.year}", f"{joined.day:02}/{joined.month:02}/{joined.year}",
                            f"{joined.day:02}-{SPANISH_MONTHS[joined.month - 1][:3]}-{joined:%y}",
                            f"{joined.day} de {SPANISH_MONTHS[joined.month - 1]} de {joined.year}", "s/d"))  # fmt: skip
        return [
            number, rng.choice((family, family.upper())), second, rng.choice((given, given.upper(), f"{given} ")),
            rng.choice(("", "mailto:")) + address_of(given, family, number=number, domain="seccion65.example"),
            rng.choice(("65", "Sección 65", "SECC. 65", "271", "Secc. 271")), phone,
            rng.choice(("Agremiado", "agremiada", "Base", "Dirigencia", "Comité Ejecutivo", "Secretaria General", "Personal del sindicato")),
            rng.choice(("", "Estudiante", "alumna", "Maestro", "coordinadora de intercambio", "Comisión mixta")),
            rng.choice(("Español", "ESPAÑOL", "", "es", "inglés")),
            rng.choice(("America/Hermosillo", "America/Tijuana", "Hermosillo", "", "Monterrey")), typed,
        ]  # fmt: skip

    for number in range(1, 226):
        sheet.add(*member(number))
        if number % 75 == 0:
            sheet.add(*[""] * 12)
            sheet.skip(*headings)
    sheet.refuse(member(301), (4, "no tiene", "“no tiene” is not an e-mail address: the @ is missing."))
    sheet.refuse(member(302), (4, "peña@seccion65.example", "“ñ” cannot stand in an e-mail address."))
    sheet.refuse(member(303), (5, "", "This cell is empty. Every row needs: Sección."))
    sheet.refuse(member(304), (7, "Jubilado", "“Jubilado” is not one of: staff, leadership, membership."))
    sheet.refuse(
        member(305),
        (3, "664 555 0123", "“6” does not belong in a name. Check whether the columns have slipped."),
    )
    sheet.refuse(
        member(306),
        (
            1,
            "NÃºÃ±ez",
            "Letters in “NÃºÃ±ez” were damaged by another program. Save the file again as “CSV UTF-8” or .xlsx.",
        ),
        (
            4,
            "a@x.example / b@x.example",
            "“a@x.example / b@x.example” holds more than one address. Keep one.",
        ),
    )
    first = sheet.add(*member(307))
    again = list(sheet.rows[first - 1])
    again[4] = str(again[4]).replace("mailto:", "").replace("@seccion65.example", "@SECCION65.example")
    sheet.same.append([first, sheet.add(*again)])
    again[1], again[4] = str(again[1]).replace("ñ", "n").replace("á", "a"), f"otra.{again[4]!s}"
    sheet.similar.append([first, sheet.add(*again)])
    sheet.skip("Total de agremiados: 231", *[""] * 11)
    sheet.skip("Elaboró: Secretaría de Actas", *[""] * 11)
    text = "".join(delimited(row, ";") for row in sheet.rows)
    return text.encode("cp1252"), sheet.expected(
        heading, kind="csv", encoding="cp1252", delimiter=";", country="MX", language="es", unknown=["A4"]
    )


def metallos_roster() -> tuple[bytes, dict[str, Any]]:
    """Several Québec locals, as Excel's Unicode text with tabs: remarks over two lines, ragged ends."""
    rng = random.Random(9490)
    sheet, person = Sheet(), people(rng, FRENCH_GIVEN, FRENCH_FAMILY)
    headings = ["Section locale / Local", "Nom", "Prénom", "Courriel", "Cellulaire", "Statut", "Rôle", "Langue",
                "Fuseau horaire", "Date d'adhésion (JJ/MM/AAAA)", "Remarques"]  # fmt: skip
    heading = sheet.add(*headings)

    def member(number: int) -> list[Any]:
        given, family = person()
        area, line = rng.choice((418, 819, 514)), 100 + number % 100
        phone = rng.choice((f"{area} 555-0{line}", f"({area}) 555-0{line}", f"1 {area} 555-0{line}",
                            f"{area} 555-0{line} poste {rng.randrange(100, 999)}", "—"))  # fmt: skip
        joined = day_between(rng, 1998, 2026)
        ordinal = "1er" if joined.day == 1 else str(joined.day)
        typed = rng.choice((joined.isoformat(), f"{joined.day:02}/{joined.month:02}/{joined.year}",
                            f"{ordinal} {FRENCH_MONTHS[joined.month - 1]} {joined.year}",
                            f"le {ordinal} {FRENCH_MONTHS[joined.month - 1]} {joined.year}", ""))  # fmt: skip
        row = [
            rng.choice(("9490", "Section locale 9490", "SL 8922", "8922")), family, given,
            rng.choice(("{}", "{}", f"{given} {family} <{{}}>")).format(
                address_of(given, family, number=number, domain="metallos.example")),
            phone, rng.choice(("Membre", "membre actif", "Permanent syndical", "Président", "Secrétaire-archiviste")),
            rng.choice(("", "apprenante", "Apprenant", "formatrice", "coordonnatrice des échanges")),
            rng.choice(("français", "Français", "FR", "anglais", "")), rng.choice(("America/Toronto", "Toronto", "")), typed,
            rng.choice(("", "", "quart de nuit", "libération\ndemandée", 'dit « Ti-Guy »', 'surnom "Kiki"')),
        ]  # fmt: skip
        return row if row[-1] else row[:-1]

    for number in range(1, 211):
        sheet.add(*member(number))
        if number % 90 == 0:
            sheet.add("")
    sheet.refuse(member(301), (3, "", "This cell is empty. Every row needs: Courriel."))
    sheet.refuse(
        member(302),
        (3, "zoe@metallos", "“zoe@metallos” is not a complete e-mail address, such as ana@example.org."),
    )
    sheet.refuse(member(303), (5, "retraitée", "“retraitée” is not one of: staff, leadership, membership."))
    sheet.refuse(member(304), (1, "Lévesque\ufffd", "Letters in “Lévesque\ufffd” were damaged by another program. Save the file again as “CSV UTF-8” or .xlsx."))  # fmt: skip
    sheet.refuse(member(305), (7, "joual", "“joual” is not one of: en, es_MX, fr_CA."))
    split = [*[*member(306), "", ""][:11], "suite de la remarque"]
    number = sheet.add(*split)
    sheet.refused[number] = [[
        f"L{number}",
        "This row has more cells than there are headings: a separator inside a text may have split it. "
        "Put that text in quotation marks.",
    ]]  # fmt: skip
    first = sheet.add(*member(307)[:10])
    again = list(sheet.rows[first - 1])
    sheet.same.append([first, sheet.add(*again)])
    again[1] = str(again[1]).upper()
    again[3] = "autre.courriel307@metallos.example"
    sheet.similar.append([first, sheet.add(*again)])
    sheet.skip("Total : 218")
    text = "".join(delimited(row, "\t") for row in sheet.rows)
    return text.encode("utf-8-sig"), sheet.expected(
        heading, kind="csv", encoding="utf-8-sig", delimiter="\t", country="CA", language="fr", unknown=["K1"]
    )


def spoken(day: date, months: Sequence[str], pattern: str) -> str:
    return pattern.format(d=day.day, m=months[day.month - 1], y=day.year)


def usw_applications() -> tuple[bytes, dict[str, Any]]:
    """Applications of American and Canadian members, gathered by hand in one workbook."""
    rng = random.Random(31)
    sheet, person = Sheet(), people(rng, ENGLISH_GIVEN, ENGLISH_FAMILY)
    sheet.add("Exchange round 2027: applications received")
    sheet.add()
    headings = ["Applicant", "E-mail", "Union", "Local", "Country", "Available Dates", "Languages and Levels", "Sectors",
                "Ranked Placements", "Passport Valid Until", "Entry Permissions", "Certificates", "Needs Interpreter?",
                "T-shirt size"]  # fmt: skip
    heading = sheet.add(*headings)

    def applicant(number: int) -> list[Any]:
        given, family = person()
        start = date(2027, 3, 1) + timedelta(days=rng.randrange(120))
        end = start + timedelta(days=rng.randrange(14, 60))
        worded = "{m} {d}, {y}"
        window = rng.choice((
            f"{spoken(start, ENGLISH_MONTHS, worded)} - {spoken(end, ENGLISH_MONTHS, worded)}",
            f"{start.isoformat()} to {end.isoformat()}",
            f"{start.month}/{start.day}/{start.year} - {end.month}/{end.day}/{end.year}",
            f"{spoken(start, ENGLISH_MONTHS, '{m} {d}')} – {spoken(end, ENGLISH_MONTHS, worded)}; September 6–24",
        ))  # fmt: skip
        passport = day_between(rng, 2028, 2035)
        places = rng.sample(("MX-101", "MX-102", "MX-103", "MX-104", "MX-105"), 3)
        return [
            f"{given} {family}", address_of(given, family, number=number, domain="example.org"), "USW",
            rng.choice((1938, "Local 2660", 7600, "6166")), rng.choice(("US", "USA", "United States", "Canada")), window,
            rng.choice(("English: native; Spanish: A2", "English C2, Spanish basic", "Spanish B1 / English native",
                        "English (native), French B2, Spanish none")),
            rng.choice(("mine", "Mine; smelter", "refinery, steel", None)),
            rng.choice(("; ".join(places), " > ".join(places), f"1. {places[0]}\n2. {places[1]}",
                        f"{places[0]} = {places[1]}; {places[2]}")),
            rng.choice((datetime(passport.year, passport.month, passport.day), spoken(passport, ENGLISH_MONTHS, worded),
                        f"{passport.month}/{passport.day}/{passport.year}")),
            rng.choice(("Mexico: open", "MX 2028-06-30", "Mexico open", None)),
            rng.choice(("MSHA 2027-12-31", "First aid: March 3, 2028; MSHA: 2028-01-15", None)),
            rng.choice(("Yes", "no", "Y", "N", None)), rng.choice("SML"),
        ]  # fmt: skip

    for number in range(1, 49):
        sheet.add(*applicant(number))
    sheet.refuse(applicant(61), (5, "sometime in spring", "“sometime in spring” is not a stretch of days. Write it as 2027-03-01 to 2027-03-15."))  # fmt: skip
    sheet.refuse(
        applicant(62),
        (5, "April 20, 2027 - April 3, 2027", "“April 20, 2027 - April 3, 2027” ends before it begins."),
    )
    sheet.refuse(applicant(63), (5, "May 3 – June 4", "“May 3 – June 4” has no year."))
    sheet.refuse(
        applicant(64), (6, "Spanish", "“Spanish” names a language without its level, such as: Spanish B1.")
    )
    sheet.refuse(applicant(65), (9, "Feb 30, 2031", "“Feb 30, 2031” is a day that does not exist."))
    sheet.refuse(
        applicant(66),
        (10, "2028-06-30", "“2028-06-30” names no country. Write, for example: US 2027-09-30; CA open."),
    )
    sheet.refuse(applicant(67), (12, "maybe", "“maybe” is neither yes nor no."))
    sheet.refuse(applicant(68), (9, "2031", "“2031” is not a date. Write it as 2027-03-12."))
    first = sheet.add(*applicant(69))
    sheet.same.append([first, sheet.add(*sheet.rows[first - 1])])
    again = list(sheet.rows[first - 1])
    again[0], again[1] = str(again[0]).upper(), "second.address69@example.org"
    sheet.similar.append([first, sheet.add(*again)])
    book = Workbook()
    page = book.worksheets[0]
    page.title = "Applications"
    for cells in sheet.rows:
        page.append(cells)
    page.merge_cells("A1:N1")
    for cells in page.iter_rows(min_row=heading + 1, min_col=10, max_col=10):
        cells[0].number_format = "m/d/yyyy"
    return saved(book), sheet.expected(
        heading, kind="xlsx", sheet="Applications", country="US", language="en", unknown=["N3"]
    )


def mineros_applications() -> tuple[bytes, dict[str, Any]]:
    """Solicitudes from several secciones: first and last days in columns of their own, two stretches."""
    rng = random.Random(1934)
    sheet, person = Sheet(), people(rng, SPANISH_GIVEN, SPANISH_FAMILY)
    sheet.add("Solicitudes de intercambio 2027 (muestra)", *[""] * 16)
    headings = ["Nombre completo", "Correo", "Sindicato", "Sección", "Desde 1", "Hasta 1", "Desde 2", "Hasta 2",
                "Nivel de inglés", "Nivel de español", "Ramo", "Plazas (por orden)", "Pasaporte vigente hasta",
                "Visa EE. UU. vigente hasta", "eTA Canadá", "Constancias", "¿Requiere intérprete?"]  # fmt: skip
    heading = sheet.add(*headings)

    def applicant(number: int) -> list[Any]:
        given, family = person()
        start = date(2027, 3, 1) + timedelta(days=rng.randrange(100))
        end = start + timedelta(days=rng.randrange(14, 60))
        second = rng.choice((("", ""), ("06/09/2027", "24/09/2027"), ("1-oct-2027", "15-oct-2027")))

        def typed(day: date) -> str:
            return rng.choice((f"{day.day:02}/{day.month:02}/{day.year}",
                               spoken(day, SPANISH_MONTHS, "{d} de {m} de {y}"), day.isoformat()))  # fmt: skip

        places = rng.sample(("US-201", "US-202", "CA-301", "US-203", "CA-302"), 3)
        return [
            f"{given} {family} {rng.choice(SPANISH_FAMILY)}",
            address_of(given, family, number=number, domain="mineros.example"), rng.choice(("Los Mineros", "SNTMMSRM")),
            rng.choice(("65", "Sección 271", "Secc. 201")), typed(start), typed(end), *second,
            rng.choice(("A1", "básico", "intermedio", "B2", "ninguno", "Avanzado (C1)")), rng.choice(("nativo", "C2", "")),
            rng.choice(("mina", "fundición; mina", "siderurgia / mina", "")),
            rng.choice(("; ".join(places), f"1) {places[0]}\n2) {places[1]}", " > ".join(places))),
            typed(day_between(rng, 2028, 2036)), rng.choice(("", typed(day_between(rng, 2028, 2036)))),
            rng.choice(("", "31/12/2030", "no requiere")),
            rng.choice(("", "DC-3: 15/06/2028", "Primeros auxilios 30 de junio de 2028")), rng.choice(("Sí", "NO", "si", "")),
        ]  # fmt: skip

    for number in range(1, 46):
        sheet.add(*applicant(number))
        if number == 30:
            sheet.add(*[""] * 17)
    sheet.refuse(applicant(61), (1, "", "This cell is empty. Every row needs: Correo."))
    sheet.refuse(applicant(62), (5, "", "This cell is empty. Every row needs: Hasta 1."))
    sheet.refuse(
        applicant(63),
        (8, "más o menos", "“más o menos” is not a level. Write none, A1, A2, B1, B2, C1 or C2."),
    )
    sheet.refuse(
        applicant(64), (8, "B1/B2", "“B1/B2” names more than one level. Write the one that is sure.")
    )
    sheet.refuse(applicant(65), (12, "31/04/2030", "“31/04/2030” is a day that does not exist."))
    sheet.refuse(applicant(66), (2, "CTM", "“CTM” is not one of: USW, LM."))
    sheet.refuse(applicant(67), (12, "vigente", "“vigente” is not a date. Write it as 2027-03-12."))
    backward = applicant(68)
    backward[4:6] = ["20/05/2027", "03/05/2027"]
    number = sheet.add(*backward)
    sheet.refused[number] = [[f"E{number}", "“2027-05-20 – 2027-05-03” ends before it begins."]]
    first = sheet.add(*applicant(69))
    sheet.same.append([first, sheet.add(*sheet.rows[first - 1])])
    again = list(sheet.rows[first - 1])
    again[1] = "otro.correo69@mineros.example"
    sheet.similar.append([first, sheet.add(*again)])
    sheet.skip("TOTAL", 56, *[""] * 15)
    text = "".join(delimited(row, ";") for row in sheet.rows)
    return text.encode("utf-8"), sheet.expected(
        heading, kind="csv", encoding="utf-8", delimiter=";", country="MX", language="es", unknown=[]
    )


def delimited(row: list[Any], mark: str) -> str:
    cells = [str(cell) for cell in row]
    quoted = [
        '"' + cell.replace('"', '""') + '"' if re.search(f'[{mark}"\n]', cell) else cell for cell in cells
    ]
    return mark.join(quoted) + "\r\n"


def saved(book: Workbook) -> bytes:
    """The workbook as bytes that do not tell the hour they were made at."""
    made, out = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2027-01-08T09:30:00Z", content)
            new.writestr(
                zipfile.ZipInfo(info.filename, (2027, 1, 8, 9, 30, 0)), content, zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


FILES: dict[str, dict[str, Callable[[], tuple[bytes, dict[str, Any]]]]] = {
    "accounts": {
        "usw-district-99.xlsx": usw_roster,
        "mineros-seccion-65.csv": mineros_roster,
        "metallos-quebec.csv": metallos_roster,
    },
    "exchange": {
        "usw-applications.xlsx": usw_applications,
        "solicitudes-mineros.csv": mineros_applications,
    },
}


def main() -> None:
    for feature, makers in FILES.items():
        folder = TESTS / feature / "files"
        folder.mkdir(parents=True, exist_ok=True)
        expected = {}
        for name, make in makers.items():
            content, expected[name] = make()
            (folder / name).write_bytes(content)
        (folder / "expected.json").write_text(
            json.dumps(expected, ensure_ascii=False, indent=1) + "\n", "utf-8"
        )


if __name__ == "__main__":
    sys.exit(main())
