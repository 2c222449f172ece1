"""The wallboard's files: a browser asks each time whether its copy is still the one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.responses import Response
    from starlette.types import Scope


class FreshFiles(StaticFiles):
    """Files of a directory that are not used from a cache unasked.

    So a new deployment is seen at once; what has not changed costs a `304` by its ETag.

    Args:
        directory: Where they are.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory, html=True)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, or that it has not changed."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response
