"""Static files: an address that changes with the content, kept for a year, compressed once per process."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

import brotli
from flask import Flask, Response, abort, request, url_for

from portal import policy
from portal.policy import Permission

COMPRESSIBLE = (".css", ".js", ".svg", ".json", ".webmanifest", ".txt")


@dataclass(frozen=True)
class Asset:
    body: bytes
    compressed: bytes | None
    mimetype: str
    version: str


class Assets:
    """Reads each file of the folder once; in development again whenever it has changed."""

    def __init__(self, folder: Path, *, watch: bool):
        self.folder = folder.resolve()
        self.watch = watch
        self._known: dict[str, tuple[float, Asset]] = {}

    def get(self, path: str) -> Asset | None:
        known = self._known.get(path)
        if known and not self.watch:
            return known[1]
        file = (self.folder / path).resolve()
        if not file.is_relative_to(self.folder) or not file.is_file():
            return None
        changed = file.stat().st_mtime
        if known is None or known[0] != changed:
            known = (changed, _read(file))
            self._known[path] = known
        return known[1]


def _read(file: Path) -> Asset:
    body = file.read_bytes()
    mimetype = {".webmanifest": "application/manifest+json", ".js": "text/javascript"}.get(
        file.suffix, mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    )
    compressed = brotli.compress(body, quality=11) if file.suffix in COMPRESSIBLE else None
    return Asset(body, compressed, mimetype, hashlib.sha256(body).hexdigest()[:12])


def init_app(app: Flask, folder: Path, *, watch: bool) -> None:
    assets = Assets(folder, watch=watch)

    def asset(path: str) -> str:
        """The address of a static file, with its version."""
        found = assets.get(path)
        return url_for("static", filename=path, v=found.version if found else None)

    def static(filename: str) -> Response:
        policy.authorize(Permission.PUBLIC)
        found = assets.get(filename) or abort(404)
        response = Response(found.body, mimetype=found.mimetype)
        if found.compressed and "br" in request.headers.get("Accept-Encoding", ""):
            response.set_data(found.compressed)
            response.content_encoding = "br"
        response.vary.add("Accept-Encoding")
        if request.args.get("v") == found.version:
            response.cache_control.public = True
            response.cache_control.max_age = 31_536_000
            response.cache_control.immutable = True
        else:
            response.cache_control.no_cache = True
        response.set_etag(found.version)
        response.make_conditional(request)
        return response

    app.add_url_rule("/static/<path:filename>", "static", static)
    app.jinja_env.globals["asset"] = asset
