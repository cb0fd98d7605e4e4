"""What browsers are given once and keep: the files below `board/static`, under an address with the hash of them all.

Scripts go out without lines that are comments and without the spaces before lines: nothing that means something is
touched. (A minifier that renamed and moved things moved a declaration behind its use.) A script's texts have no line
that begins as a comment does.
"""

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from fastapi import Request
from fastapi.responses import Response

from backbone.http.problems import not_found

STATIC = Path(__file__).parent / "static"
COMMENT = re.compile(rb"^[ \t]*(?://.*\n|/\*(?:[^*]|\*(?!/))*\*/[ \t]*\n)|^[ \t]+", re.MULTILINE)
"""Whole lines of comment, and what lines begin with."""
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".woff2": "font/woff2"}
FOREVER = "public, max-age=31536000, immutable"


class Assets(NamedTuple):
    """Contents by path below the folder."""

    hash: str
    files: Mapping[str, bytes]


def read_assets(folder: Path = STATIC) -> Assets:
    """All of them as they are sent, and one hash over names and contents."""
    files = {
        file.relative_to(folder).as_posix(): sent(file)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return Assets(digest.hexdigest()[:16], files)


def sent(file: Path) -> bytes:
    """What others wrote (`vendor`) goes out as it came: its SHA-256 is known."""
    content = file.read_bytes()
    if file.suffix != ".js" or file.parent.name == "vendor":
        return content
    return COMMENT.sub(b"", content)


async def read_asset(request: Request, version: str, path: str) -> Response:
    """Those of this version only: others would be kept under a name that is not theirs."""
    assets: Assets = request.app.state.assets
    content = assets.files.get(path)
    if version != assets.hash or content is None:
        raise not_found("file")
    kind = TYPES.get(Path(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    return Response(content, media_type=kind, headers={"cache-control": FOREVER})
