"""The two tables union offices send: a roster of members and applications for a round."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from .cells import Column
from .dates import day
from .people import email, name, part_of_name, phone, whole_name
from .problems import N_, Refusal
from .validity import certificates, entry_permissions, until
from .windows import BACKWARD, windows
from .words import country, languages, level, list_of, local, one_of, ranked, words, yes_no, zone

STANDINGS = {
    "staff": ("paid staff", "union staff", "staff representative", "staff rep", "employee", "organizer", "personal",
              "empleado", "empleada", "personal del sindicato", "representante", "asesor", "asesora", "personnel",
              "permanent", "permanente", "permanent syndical", "permanente syndicale", "conseiller syndical",
              "conseillère syndicale"),
    "leadership": ("leader", "officer", "local officer", "executive", "executive board", "president", "recording secretary",
                   "treasurer", "financial secretary", "vice president", "dirigencia", "dirigente", "dirigente sindical",
                   "comité ejecutivo", "comité ejecutivo local", "secretario general", "secretaria general",
                   "secretario de actas", "secretaria de actas", "tesorero", "tesorera", "direction", "dirigeant",
                   "dirigeante", "dirigeant/e", "exécutif", "comité exécutif", "président", "présidente",
                   "secrétaire-archiviste", "trésorier", "trésorière"),
    "membership": ("member", "rank and file", "active member", "active", "membre", "membre actif", "membre active",
                   "miembro", "agremiado", "agremiada", "agremiado/a", "afiliado", "afiliada", "socio", "socia",
                   "base", "trabajador", "trabajadora", "salarié", "salariée"),
}  # fmt: skip
ROLES = {
    "learner": ("student", "learns", "estudiante", "alumno", "alumna", "aprendiz", "apprenant", "apprenante", "étudiant",
                "étudiante"),
    "instructor": ("teacher", "tutor", "instructora", "maestro", "maestra", "docente", "profesor", "profesora",
                   "formateur", "formatrice", "enseignant", "enseignante", "professeur"),
    "coordinator": ("exchange coordinator", "coordinador", "coordinadora", "coordinador de intercambio",
                    "coordinadora de intercambio", "coordonnateur", "coordonnatrice", "coordonnatrice des échanges"),
    "commission": ("commission member", "joint commission", "comisión", "comisionado", "comisionada", "comisión mixta",
                   "commissaire", "commission mixte"),
    "administrator": ("admin", "administrador", "administradora", "administrateur", "administratrice"),
}  # fmt: skip
LOCALES = {
    "en": ("English", "en-US", "en-CA", "eng", "inglés", "anglais", "E"),
    "es_MX": ("Spanish", "es", "es-419", "esp", "español", "castellano", "espagnol", "S"),
    "fr_CA": ("French", "fr", "fra", "français", "francés", "F"),
}

_EMAIL = ("E-mail", "e-mail address", "mail", "email", "work e-mail", "personal e-mail", "correo", "correo electrónico",
          "correo e", "dirección de correo", "courriel", "adresse courriel", "adresse électronique", "courrier électronique")  # fmt: skip
_NAME = ("Name", "full name", "member name", "member", "applicant", "applicant name", "nombre", "nombre completo",
         "nombre y apellidos", "nombre del agremiado", "agremiado", "agremiado/a", "compañero/a", "solicitante", "nom",
         "nom complet", "nom et prénom", "prénom et nom", "nom du membre", "candidat", "candidate", "candidat/e")  # fmt: skip
_GIVEN = (
    "First name",
    "given name",
    "given names",
    "forename",
    "nombres",
    "nombre de pila",
    "prénom",
    "prénoms",
)
_FAMILY = ("Last name", "surname", "family name", "apellidos", "apellido", "apellido paterno", "primer apellido",
           "nom de famille")  # fmt: skip
_SECOND_FAMILY = ("Second last name", "apellido materno", "segundo apellido")
_LOCAL = ("Local", "local union", "union/local", "local/union", "union and local", "sindicato/sección",
          "syndicat/section locale", "local no", "local number", "local num", "local lodge", "LU", "unit local", "sección",
          "sección sindical", "no. de sección", "número de sección", "section", "section locale", "no de section locale",
          "numéro de section locale", "section syndicale", "SL")  # fmt: skip
_PHONE = ("Phone", "phone number", "telephone", "cell", "cell phone", "mobile", "home phone", "teléfono", "celular",
          "cell phone number", "teléfono celular", "teléfono móvil", "tel", "tel. celular", "número de teléfono", "móvil", "whatsapp", "téléphone", "cellulaire", "no de téléphone",
          "numéro de téléphone")  # fmt: skip
_COUNTRY = ("Country", "país", "pays")

PEOPLE = (
    Column("name", _NAME, name, required=True, label=N_("Name"), instead=("family_name", "given_name"), derive=whole_name),
    Column("given_name", _GIVEN, part_of_name, label=N_("First name")),
    Column("family_name", _FAMILY, part_of_name, label=N_("Last name")),
    Column("second_family_name", _SECOND_FAMILY, part_of_name, label=N_("Second last name")),
    Column("email", _EMAIL, email, required=True, label=N_("E-mail")),
    # Read so that a wrong number shows; Relevo does not store it.
    Column("phone", _PHONE, phone, label=N_("Telephone"), lenient=True),
    Column("country", _COUNTRY, country, label=N_("Country")),
)  # fmt: skip

ROSTER = (
    *PEOPLE,
    Column("local", _LOCAL, local, required=True, label=N_("Local")),
    Column("standing", ("Standing", "status", "membership status", "category", "type", "calidad", "categoría",
                        "situación", "tipo", "cargo", "statut", "catégorie", "qualité", "fonction", "position", "title"),
           one_of(STANDINGS), label=N_("Standing")),
    Column("roles", ("Roles", "role", "portal role", "portal roles", "rol", "rol en el portal", "rôle dans le portail", "papel", "función en el portal", "rôle", "rôles"),
           list_of(one_of(ROLES)), label=N_("Roles")),
    Column("locale", ("Language", "locale", "preferred language", "correspondence language", "idioma", "lengua",
                      "idioma preferido", "langue", "langue de correspondance", "langue préférée"),
           one_of(LOCALES), label=N_("Language")),
    Column("zone", ("Time zone", "timezone", "tz", "zona horaria", "huso horario", "fuseau horaire", "fuseau"), zone,
           label=N_("Time zone"), lenient=True),
    Column("starts_on", ("Start date", "start", "hire date", "member since", "date joined", "seniority date",
                         "fecha de ingreso", "fecha de inicio", "fecha de alta", "ingreso", "antigüedad",
                         "fecha de antigüedad", "date de début", "date d'embauche", "date d'adhésion",
                         "date d'ancienneté", "membre depuis"), day, label=N_("Start date"),
           lenient=True),
)  # fmt: skip


def whole_windows(values: Mapping[str, Any]) -> tuple[tuple[date, date], ...] | None:
    """The stretches given in one cell, and those given as a first and a last day in cells of their own."""
    found = list(values.get("windows") or ())
    for first_key, last_key in (("starts_on", "ends_on"), ("starts_on_2", "ends_on_2")):
        first, last = values.get(first_key), values.get(last_key)
        if first and last:
            if first > last:
                raise Refusal(BACKWARD, text=f"{first.isoformat()} – {last.isoformat()}")
            found.append((first, last))
    return tuple(found) or None


UNIONS = {
    "USW": (
        "United Steelworkers",
        "Steelworkers",
        "Steelworker",
        "Métallos",
        "Metallos",
        "Syndicat des Métallos",
    ),
    "LM": ("Los Mineros", "Mineros", "SNTMMSRM", "SNTMMSSRM", "Sindicato Minero", "Minero"),
}

APPLICATIONS = (
    *PEOPLE,
    Column("union", ("Union", "sindicato", "syndicat"), one_of(UNIONS), label=N_("Union")),
    Column("local", _LOCAL, local, label=N_("Local")),
    Column("windows", ("Dates", "windows", "available dates", "availability", "when", "fechas", "fechas disponibles",
                       "disponibilidad", "periodos", "dates disponibles", "disponibilités", "disponibilité", "périodes"),
           windows, required=True, label=N_("Dates"), instead=("starts_on", "ends_on"),
           derive=whole_windows),
    Column("starts_on", ("From", "from 1", "desde 1", "du 1", "available from", "start", "start date", "desde", "disponible desde", "fecha de inicio",
                         "inicio", "du", "de", "à partir du", "début", "disponible du", "date de début"), day,
           label=N_("From")),
    Column("ends_on", ("To", "to 1", "hasta 1", "au 1", "until", "through", "available to", "available until", "end", "end date", "hasta",
                       "disponible hasta", "fin", "fecha de término", "fecha final", "au", "jusqu'au", "disponible au",
                       "date de fin"), day, label=N_("To")),
    Column("starts_on_2", ("From 2", "desde 2", "du 2"), day, label=N_("From (second stretch)")),
    Column("ends_on_2", ("To 2", "hasta 2", "au 2"), day, label=N_("To (second stretch)")),
    Column("languages", ("Languages", "languages and levels", "language skills", "idiomas", "idiomas y nivel",
                         "idiomas y niveles", "lenguas", "langues", "langues et niveaux", "connaissances linguistiques"),
           languages, label=N_("Languages")),
    Column("spanish", ("Spanish", "Spanish level", "español", "nivel de español", "espagnol", "niveau d'espagnol"), level,
           label=N_("Spanish level")),
    Column("english", ("English", "English level", "inglés", "nivel de inglés", "anglais", "niveau d'anglais"), level,
           label=N_("English level")),
    Column("french", ("French", "French level", "francés", "nivel de francés", "français", "niveau de français"), level,
           label=N_("French level")),
    Column("sectors", ("Sectors", "sector", "industry", "industries", "sectores", "ramo", "industria", "secteurs",
                       "secteur", "secteurs d'activité"), list_of(words), label=N_("Sectors")),
    Column("placements", ("Placements", "ranked placements", "preferences", "choices", "placement choices",
                          "plazas", "preferencias", "opciones", "lugares", "plazas por orden", "placements souhaités",
                          "préférences", "choix", "stages souhaités"), ranked, label=N_("Placements")),
    Column("passport_until", ("Passport valid until", "passport", "passport expires", "passport expiry",
                              "passport expiration", "pasaporte", "pasaporte vigente hasta", "vigencia del pasaporte",
                              "vencimiento del pasaporte", "passeport", "passeport valide jusqu'au",
                              "passeport valable jusqu'au", "échéance du passeport"), day,
           label=N_("Passport valid until")),
    Column("entry", ("Entry permissions valid until", "entry permissions", "entry permission", "visas", "visa",
                     "entry permits", "permisos de entrada", "permiso de entrada", "permisos de entrada vigentes hasta",
                     "permisos d'entrée", "permis d'entrée", "permis d'entrée valides jusqu'au",
                     "autorisations d'entrée", "autorisation d'entrée"), entry_permissions,
           label=N_("Entry permissions")),
    Column("entry_us", ("US entry valid until", "US visa valid until", "US visa", "visa EE. UU.", "visa americana",
                        "visa EE. UU. vigente hasta", "visa américain", "visa États-Unis"), until,
           label=N_("US entry valid until")),
    Column("entry_ca", ("Canada entry valid until", "Canada eTA valid until", "Canada eTA", "eTA", "Canada visa",
                        "visa Canadá", "eTA Canadá", "visa canadiense", "AVE Canada", "AVE"), until,
           label=N_("Canada entry valid until")),
    Column("entry_mx", ("Mexico entry valid until", "Mexico visa", "FMM", "FMM valid until", "permiso México", "visa Mexique",
                        "entrée Mexique"), until, label=N_("Mexico entry valid until")),
    Column("certificates", ("Certificates", "certificates valid until", "certifications", "safety certificates",
                            "certificados", "certificados vigentes hasta", "constancias", "certificats",
                            "certificats valides jusqu'au", "attestations"), certificates, label=N_("Certificates")),
    Column("interpreter", ("Interpreter", "interpreter wish", "needs interpreter", "interpreter wanted", "intérprete",
                           "requiere intérprete", "necesita intérprete", "desea intérprete", "interprète",
                           "besoin d'interprète", "souhaite un interprète", "interprète souhaité"), yes_no,
           label=N_("Interpreter")),
)  # fmt: skip
