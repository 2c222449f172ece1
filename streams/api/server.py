"""Serves the API: the feed, the application and a listening socket, from start to end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
import uvicorn

from streams.api.app import create_app
from streams.api.metrics import metrics
from streams.api.stream import Streams
from streams.feed import Feed
from streams.serving import ListenError, Server, listen

if TYPE_CHECKING:
    import socket

    from scoring.catalogue import Catalogue
    from streams.settings import Settings

__all__ = ["ListenError", "serve"]

log = structlog.get_logger()

#: Answers that take longer are cut off at the end.
_GRACE_SECONDS = 5


async def serve(
    settings: Settings,
    catalogue: Catalogue,
    stop: asyncio.Event,
    streams: Streams | None = None,
) -> None:
    """Serve the API until told to stop.

    Args:
        settings: Broker, prefix, host and port.
        catalogue: The KPIs that scores are explained by.
        stop: Set to end it.
        streams: The streams that it offers, and their feed; with the usual limits if not given.

    Raises:
        ListenError: If the address cannot be listened on.
    """
    streams = streams or Streams(Feed(settings))
    feed = streams.feed
    scraped = metrics(feed, streams, catalogue, settings.currency)
    listening = listen("API", settings.api_host, settings.api_port)
    server = _Server(
        uvicorn.Config(
            create_app(feed, streams, catalogue, _business(settings), (scraped,)),
            access_log=False,
            lifespan="off",
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        ),
        streams,
    )
    following = asyncio.create_task(feed.run())
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    stopping = asyncio.create_task(stop.wait())
    log.info("API listens", url=f"http://{settings.api_host}:{settings.api_port}")
    try:
        await asyncio.wait({following, serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        server.should_exit = True
        await asyncio.wait({serving})
        following.cancel()
        stopping.cancel()
        await asyncio.wait({following, stopping})
        listening.close()
    for task in (following, serving):
        if not task.cancelled():
            task.result()


class _Server(Server):
    """A server whose streams end before it waits for its connections to end."""

    def __init__(self, config: uvicorn.Config, streams: Streams) -> None:
        super().__init__(config)
        self._streams = streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End in order."""
        self._streams.close()
        await super().shutdown(sockets)


def _business(settings: Settings) -> dict[str, str]:
    """What amounts are in, and where days begin."""
    return {"currency": settings.currency, "timezone": settings.timezone}
