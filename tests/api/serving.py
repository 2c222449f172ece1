"""A real server on a free port, and a client that follows its stream."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import httpx
import msgspec

from streams.api import Streams, serve
from streams.plugins import load_catalogue
from tests.feed.scores import DEADLINE, POLL, until
from tests.services.service import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from streams.settings import Settings


_OF_SCORES = {"snapshot", "change"}
_OF_ALERTS = {"alerts", "alert-change"}


@dataclass
class Served:
    """A server that runs."""

    client: httpx.AsyncClient
    url: str
    stop: asyncio.Event

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.client.get(
            path, headers={k.replace("_", "-"): headers[k] for k in headers}
        )

    async def ready(self) -> dict[str, Any]:
        """What /readyz says once the scores have been read."""
        async with asyncio.timeout(DEADLINE):
            while (response := await self.get("/readyz")).status_code != 200:
                assert response.status_code == 503
                await asyncio.sleep(POLL)
        return dict(response.json())

    async def scored_until(self) -> str:
        """The watermark, once it is known."""
        async with asyncio.timeout(DEADLINE):
            while (until := (await self.ready())["feed"]["scored_until"]) is None:
                await asyncio.sleep(POLL)
        return str(until)


@asynccontextmanager
async def serving(settings: Settings, streams: Streams | None = None) -> AsyncIterator[Served]:
    """The API for the length of a block."""
    port = free_port()
    chosen = settings.model_copy(update={"api_port": port})
    stop, url = asyncio.Event(), f"http://127.0.0.1:{port}"
    task = asyncio.create_task(serve(chosen, load_catalogue(chosen), stop, streams))
    try:
        async with httpx.AsyncClient(base_url=url, timeout=DEADLINE) as client:
            yield Served(client, url, stop)
            stop.set()
            await asyncio.wait_for(task, DEADLINE)
    finally:
        task.cancel()
        await asyncio.wait([task])


@dataclass
class Event:
    kind: str
    id: str | None
    data: Any


@dataclass
class Listener:
    """A client of the stream: what it has been told, and what it knows by it."""

    url: str
    query: dict[str, str] = field(default_factory=dict)
    token: str | None = None
    events: list[Event] = field(default_factory=list)
    comments: int = 0
    scores: dict[str, dict[str, Any]] = field(default_factory=dict)
    alerts: dict[str, dict[str, Any]] = field(default_factory=dict)
    complete: bool = False
    ended: bool = False
    gate: asyncio.Event | None = None
    _task: asyncio.Task[None] | None = None

    def again(self, token: str | None) -> Listener:
        """The same client when it comes again with what it knows."""
        return Listener(self.url, token=token, scores=self.scores, alerts=self.alerts)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_exception: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.wait([self._task])
        assert self._task.cancelled() or self._task.exception() is None, self._task.exception()

    @property
    def kinds(self) -> list[str]:
        """Kinds of events so far, but for states and alerts, which come when they will."""
        return [event.kind for event in self.events if event.kind in {*_OF_SCORES, "reset"}]

    @property
    def told(self) -> list[dict[str, Any]]:
        """What events of scores told so far."""
        return [event.data for event in self.events if event.kind in _OF_SCORES]

    @property
    def state(self) -> dict[str, Any]:
        states = [event.data for event in self.events if event.kind == "state"]
        return states[-1] if states else {}

    @property
    def last_id(self) -> str:
        return [event.id for event in self.events if event.id is not None][-1]

    def known(self) -> dict[str, float | None]:
        return {key: score["score"] for key, score in self.scores.items()}

    async def until(self, expected: dict[str, float | None], what: str) -> None:
        await until(lambda: self.complete and self.known() == expected, what)

    async def _listen(self) -> None:
        headers = {"Last-Event-ID": self.token} if self.token is not None else {}
        async with (
            httpx.AsyncClient(timeout=DEADLINE) as client,
            client.stream(
                "GET", f"{self.url}/v1/stream", params=self.query, headers=headers
            ) as response,
        ):
            response.raise_for_status()
            fields: dict[str, str] = {}
            async for line in response.aiter_lines():
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif "data" in fields:
                    self._hear(fields)
                    fields = {}
                    if self.gate is not None:
                        await self.gate.wait()
            self.ended = True

    def _hear(self, fields: dict[str, str]) -> None:
        data = msgspec.json.decode(fields["data"])
        self.events.append(Event(fields["event"], fields.get("id"), data))
        if fields["event"] == "reset":
            self.scores.clear()
        elif fields["event"] in _OF_SCORES:
            self._hear_scores(data)
        elif fields["event"] in _OF_ALERTS:
            self._hear_alerts(fields["event"], data)

    def _hear_scores(self, data: dict[str, Any]) -> None:
        for score in data["scores"]:
            self.scores[f"{score['level']}:{score['entity']}|{score['window']}"] = score
        for score in data["removed"]:
            self.scores.pop(f"{score['level']}:{score['entity']}|{score['window']}", None)
        self.complete = data["complete"]

    def _hear_alerts(self, kind: str, data: dict[str, Any]) -> None:
        if kind == "alerts":
            self.alerts.clear()
        for alert in data["alerts"]:
            self.alerts[alert["id"]] = alert
        for identity in data.get("removed", ()):
            self.alerts.pop(identity, None)
