"""Tables from and for spreadsheets: read what offices send, write what no program runs.

    with open_table(path, ROSTER, Reading(today=today, country="MX")) as table:
        for row in table: ...

Pure: no request, no database, no clock. Messages are English with %(name)s places; see `problems`.
"""

from .cells import Cell, Column, DateOrder, Heading, Limits, Reading, Row, Skipped
from .export import safe_cell, write_csv, write_xlsx
from .problems import CellProblem, Refusal, Unreadable
from .table import Table, open_table
from .tables import APPLICATIONS, ROSTER
from .text import fold

__all__ = [
    "APPLICATIONS", "ROSTER", "Cell", "CellProblem", "Column", "DateOrder", "Heading", "Limits", "Reading", "Refusal",
    "Row", "Skipped", "Table", "Unreadable", "fold", "open_table", "safe_cell", "write_csv", "write_xlsx",
]  # fmt: skip
