"""Serves a worker's metrics on a port of its own, if the settings name one."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from streams.metrics.exposition import PATH, exposition, registry
from streams.serving import Server, listen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from streams.metrics.stages import WorkerCollector
    from streams.settings import Settings

log = structlog.get_logger()

#: Answers that take longer are cut off at the end.
_GRACE_SECONDS = 1


@asynccontextmanager
async def served(settings: Settings, collector: WorkerCollector) -> AsyncIterator[None]:
    """The metrics of a worker, for the length of a block.

    Raises:
        ListenError: If the address cannot be listened on.
    """
    if settings.metrics_port is None:
        yield
        return
    listening = listen("metrics", settings.metrics_host, settings.metrics_port)
    server = Server(
        uvicorn.Config(
            _application(collector),
            access_log=False,
            lifespan="off",
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    log.info("metrics", url=f"http://{settings.metrics_host}:{settings.metrics_port}{PATH}")
    try:
        yield
    finally:
        server.should_exit = True
        await asyncio.wait({serving})
        listening.close()


def _application(collector: WorkerCollector) -> Starlette:
    known = registry(collector)

    async def metrics(request: Request) -> Response:
        await collector.ask()
        return exposition(known, request.headers.get("accept"))

    return Starlette(routes=[Route(PATH, metrics, methods=["GET"])])
