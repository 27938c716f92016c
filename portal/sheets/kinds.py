"""What a file really is, whatever its name says. What is not a table is refused with what to do."""

import codecs
import io
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from .cells import Limits
from .problems import N_, Unreadable

Source = bytes | Path | BinaryIO

EMPTY = N_("The file is empty. Send the file that holds the table.")
TOO_BIG = N_("The file is larger than %(limit)s MB. Split it into smaller files, or remove pictures from it.")
OLD_EXCEL = N_("This is an old Excel file (.xls). Open it in Excel, choose “Save as”, and save it as .xlsx.")
PASSWORD = N_("This workbook is protected by a password. Save a copy without the password and send that.")
OPEN_DOCUMENT = N_(
    "This is an OpenDocument file (.ods). Open it in LibreOffice, choose “Save as”, and save it as .xlsx."
)
NUMBERS = N_(
    "This is an Apple Numbers file. Open it in Numbers, choose “Export to”, then “Excel”, and send that file."
)
BINARY_EXCEL = N_(
    "This is a binary Excel file (.xlsb). Open it in Excel, choose “Save as”, and save it as .xlsx."
)
WORD = N_("This is a text document, not a table. Copy the table into a spreadsheet and save it as .xlsx.")
PDF = N_("This is a PDF. Ask for the spreadsheet it was printed from, saved as .xlsx or .csv.")
PICTURE = N_("This is a picture. Send the table itself, saved as .xlsx or .csv.")
WEB_PAGE = N_("This is a web page that bears a spreadsheet's name. Open it in Excel and save it as .xlsx.")
ARCHIVE = N_("This is a compressed archive. Unpack it and send the table inside it.")
NOT_A_TABLE = N_("This file is not a table that can be read. Send a spreadsheet saved as .xlsx or .csv.")
BROKEN = N_("This workbook is damaged. Open it in Excel, save it again as .xlsx, and send the new file.")
SWELLS = N_(
    "This workbook unpacks to more than %(limit)s MB. Copy only the table into a new workbook and send that."
)

_STARTS = (
    (b"%PDF", PDF),
    (b"\x89PNG", PICTURE), (b"\xff\xd8\xff", PICTURE), (b"GIF8", PICTURE), (b"BM", PICTURE),
    (b"II*\0", PICTURE), (b"MM\0*", PICTURE),
    (b"{\\rtf", WORD),
    (b"\x1f\x8b", ARCHIVE), (b"7z\xbc\xaf", ARCHIVE), (b"Rar!", ARCHIVE), (b"PK\x05\x06", ARCHIVE), (b"BZh", ARCHIVE),
)  # fmt: skip
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WEB_STARTS = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<?xml", b"<style", b"<div")
# The most elements a workbook of our size can hold: each costs memory however small it is.
_MAX_TAGS = 14_000_000
_MAX_STRINGS = 1_500_000
_MAX_ROW_BYTES = 4 * 1024 * 1024
_CHUNK = 1024 * 1024


def reopenable(source: Source, limits: Limits) -> bytes | Path:
    """What can be read from its start several times at once; an open file is taken into memory."""
    if isinstance(source, bytes | Path):
        return source
    return source.read(limits.max_bytes + 1)


def open_source(source: bytes | Path) -> BinaryIO:
    return source.open("rb") if isinstance(source, Path) else io.BytesIO(source)


def size_of(source: bytes | Path) -> int:
    return source.stat().st_size if isinstance(source, Path) else len(source)


def kind_of(source: bytes | Path, limits: Limits) -> str:
    """`xlsx`, or the name of the encoding of a text file. Raises `Unreadable` for all else."""
    size = size_of(source)
    if size > limits.max_bytes:
        raise Unreadable(TOO_BIG, limit=limits.max_bytes // (1024 * 1024))
    with open_source(source) as file:
        head = file.read(4096)
        if not head.strip():
            raise Unreadable(EMPTY)
        for bom, encoding in _BOMS:
            if head.startswith(bom):
                return encoding
        if head.startswith(b"PK\x03\x04"):
            check_workbook(file, limits)
            return "xlsx"
        if head.startswith(b"\xd0\xcf\x11\xe0"):
            rest = head + file.read()
            raise Unreadable(PASSWORD if "EncryptedPackage".encode("utf-16-le") in rest else OLD_EXCEL)
        for start, message in _STARTS:
            # "BM" and "II*" may begin a text as well; a picture's header holds zero bytes.
            if head.startswith(start) and (len(start) > 2 or b"\0" in head[:32] or start == b"\x1f\x8b"):
                raise Unreadable(message)
        if head[:4] == b"RIFF" or head[4:8] == b"ftyp":
            raise Unreadable(PICTURE)
        if head.lstrip().lower().startswith(_WEB_STARTS):
            raise Unreadable(WEB_PAGE)
        return _text_encoding(file, head)


def _text_encoding(file: BinaryIO, head: bytes) -> str:
    if head.count(0) > len(head) // 4:
        # UTF-16 without its mark: one byte of each pair is zero in Latin text.
        even, odd = head[::2].count(0), head[1::2].count(0)
        if odd > 8 * even:
            return "utf-16-le"
        if even > 8 * odd:
            return "utf-16-be"
        raise Unreadable(NOT_A_TABLE)
    controls = sum(byte < 32 and byte not in b"\t\n\r\0\f\x1a" for byte in head)
    if controls * 10 > len(head):
        raise Unreadable(NOT_A_TABLE)
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def check_workbook(file: BinaryIO, limits: Limits) -> None:
    """Raise `Unreadable` unless this zip is a workbook that unpacks to something we can hold."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = {info.filename for info in archive.infolist()}
            _check_is_xlsx(archive, names)
            if any(info.flag_bits & 1 for info in archive.infolist()):
                raise Unreadable(PASSWORD)
            if len(names) > 5_000 or sum(i.file_size for i in archive.infolist()) > limits.max_unzipped:
                raise Unreadable(SWELLS, limit=limits.max_unzipped // (1024 * 1024))
            _check_parts(archive, limits)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as why:
        if isinstance(why, Unreadable):
            raise
        raise Unreadable(BROKEN) from why


def _check_is_xlsx(archive: zipfile.ZipFile, names: set[str]) -> None:
    if "mimetype" in names and b"opendocument" in archive.open("mimetype").read(200):
        raise Unreadable(OPEN_DOCUMENT)
    if "xl/workbook.bin" in names:
        raise Unreadable(BINARY_EXCEL)
    if any(name.startswith("word/") for name in names):
        raise Unreadable(WORD)
    if any(name.endswith(".iwa") or name == "Index.zip" for name in names):
        raise Unreadable(NUMBERS)
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Unreadable(ARCHIVE)


def _check_parts(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Read every XML part once: no document type (entities that swell), no endless rows."""
    tags = 0
    for info in archive.infolist():
        if not info.filename.lower().endswith((".xml", ".rels")):
            continue
        is_sheet = info.filename.startswith("xl/worksheets/")
        strings = since_row = 0
        first = True
        with archive.open(info) as part:
            while chunk := part.read(_CHUNK):
                if first and b"<!DOCTYPE" in chunk.replace(b"\0", b""):
                    raise Unreadable(BROKEN)
                first = False
                tags += chunk.count(b"<")
                strings += chunk.count(b"<si")
                last_row = chunk.rfind(b"<row")
                since_row = since_row + len(chunk) if last_row < 0 else len(chunk) - last_row
                if tags > _MAX_TAGS or strings > _MAX_STRINGS or (is_sheet and since_row > _MAX_ROW_BYTES):
                    raise Unreadable(SWELLS, limit=limits.max_unzipped // (1024 * 1024))
