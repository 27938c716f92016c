"""Pages are compressed as they leave: brotli where the browser takes it, else gzip.

Brotli knows the words of HTML: a page is an eighth smaller than with zstd, for a third of a millisecond. Many of our
people pay for that eighth on a phone underground.
"""

from __future__ import annotations

import gzip

import brotli
from flask import Flask, Response, request

SMALLEST = 600  # bytes; below this the header costs more than is saved
TEXT = ("text/", "application/json", "application/manifest+json", "image/svg+xml")


def init_app(app: Flask) -> None:
    @app.after_request
    def compress(response: Response) -> Response:
        if (
            response.content_encoding
            or response.direct_passthrough
            or response.is_streamed
            or not (response.mimetype or "").startswith(TEXT)
            or len(response.get_data()) < SMALLEST
        ):
            return response
        accepted = request.headers.get("Accept-Encoding", "")
        response.vary.add("Accept-Encoding")
        if "br" in accepted:
            response.set_data(brotli.compress(response.get_data(), quality=5))
            response.content_encoding = "br"
        elif "gzip" in accepted:
            response.set_data(gzip.compress(response.get_data(), 1, mtime=0))
            response.content_encoding = "gzip"
        return response
