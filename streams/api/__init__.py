"""The API: scores over HTTP, read-only, for other services and the wallboard."""

from __future__ import annotations

from streams.api.app import create_app
from streams.api.server import serve
from streams.api.stream import Streams

__all__ = ["Streams", "create_app", "serve"]
