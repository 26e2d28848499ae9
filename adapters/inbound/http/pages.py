"""The dashboard's built pages, from our own host only and under a strict policy."""

import mimetypes
from pathlib import Path
from typing import Any

from litestar import Router, get
from litestar.datastructures import CacheControlHeader
from litestar.response import File
from litestar.static_files import create_static_files_router

DIST = Path(__file__).parents[1] / "dashboard" / "dist"

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "worker-src 'self' blob:; connect-src 'self'; script-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_FRESH = {"cache-control": "no-cache"}
_FOREVER = CacheControlHeader(public=True, max_age=31_536_000, immutable=True)


@get("/", include_in_schema=False)
async def index() -> File:
    return File(
        DIST / "index.html",
        media_type="text/html",
        content_disposition_type="inline",
        headers=_FRESH,
    )


def page_routes() -> list[Any]:
    """Built files carry a hash in their name and are kept by browsers for ever."""
    if not (DIST / "index.html").exists():
        return []
    assets: Router = create_static_files_router(
        path="/assets",
        directories=[DIST / "assets"],
        cache_control=_FOREVER,
        include_in_schema=False,
    )
    others = [
        create_static_files_router(
            path=f"/{entry.name}", directories=[entry], include_in_schema=False
        )
        for entry in DIST.iterdir()
        if entry.is_dir() and entry.name != "assets"
    ]
    return [index, assets, *others, *_single_files()]


def _single_files() -> list[Any]:
    """Their names stay the same: an old service worker would live on in browsers."""

    def served(path: Path) -> Any:
        @get(f"/{path.name}", include_in_schema=False, name=f"page-{path.name}")
        async def single() -> File:
            return File(
                path,
                media_type=_type_of(path),
                content_disposition_type="inline",
                headers=_FRESH,
            )

        return single

    return [
        served(entry) for entry in DIST.iterdir() if entry.is_file() and entry.name != "index.html"
    ]


def _type_of(path: Path) -> str:
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"
