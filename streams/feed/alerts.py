"""The alert book: every alert as told last, and in which order they last changed."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import msgspec
import structlog
from aiokafka.errors import KafkaError

from scoring.alerting.alert import Alert, Status
from streams.feed.order import REMEMBERED, Order
from streams.feed.reader import FeedError, read
from streams.names import Names

if TYPE_CHECKING:
    from streams.feed.bell import Bell
    from streams.feed.reader import Reading
    from streams.settings import Settings

log = structlog.get_logger()

_RETRY_SECONDS = 0.5
_decode = msgspec.json.Decoder(Alert).decode


class News(NamedTuple):
    """What changed in the book.

    Attributes:
        alerts: Alerts as they are now, in the order of their last change.
        removed: Ids of alerts that are no more.
    """

    alerts: list[Alert]
    removed: list[str]


class AlertBook:
    """Follows the alerts topic for as long as `run` runs.

    While the broker is away the book stays as it was. When it is back the topic is read anew
    from its beginning, and then the differences are taken over at once.

    Args:
        settings: How the broker is reached.
        bell: Rung when the book has changed.
        remembered: How many removed alerts are remembered for followers.

    Attributes:
        ready: Whether the whole topic has been read once.
    """

    def __init__(self, settings: Settings, bell: Bell, remembered: int = REMEMBERED) -> None:
        self.ready = False
        self._settings = settings
        self._bell = bell
        self._alerts: dict[str, Alert] = {}
        self._order = Order(remembered)
        self._lost = False

    @property
    def sequence(self) -> int:
        """Number of changes so far."""
        return self._order.sequence

    def follows(self, sequence: int) -> bool:
        """Whether everything that changed after a sequence of this book is still known."""
        return self._order.follows(sequence)

    def since(self, sequence: int) -> News:
        """What changed after a sequence, each alert once."""
        keys = [key for _, key in self._order.since(sequence)]
        return News(
            [self._alerts[key] for key in keys if key in self._alerts],
            [key for key in keys if key not in self._alerts],
        )

    def all(self) -> list[Alert]:
        """All alerts, firing ones first, then the latest first."""
        by_day = sorted(self._alerts.values(), key=lambda alert: alert.id)
        by_day.sort(key=lambda alert: alert.raised, reverse=True)
        return sorted(by_day, key=lambda alert: alert.status is not Status.FIRING)

    async def run(self) -> NoReturn:
        """Follow until cancelled, whatever becomes of the broker."""
        while True:
            try:
                await self._follow()
            except (FeedError, KafkaError, TimeoutError, OSError) as error:
                if not self._lost:
                    log.warning("alerts are not followed", problem=str(error) or repr(error))
                self._lost = True
            await asyncio.sleep(_RETRY_SECONDS)

    async def _follow(self) -> None:
        draft: dict[str, Alert] = {}
        caught_up = False
        async with aclosing(read(self._settings, Names(self._settings.prefix).alerts)) as readings:
            async for reading in readings:
                _take(draft, reading)
                caught_up = caught_up or reading.caught_up
                if caught_up:
                    self._show(draft)

    def _show(self, alerts: dict[str, Alert]) -> None:
        self._lost = False
        differing = [
            key for key in {**self._alerts, **alerts} if alerts.get(key) != self._alerts.get(key)
        ]
        if self.ready and not differing:
            return
        self._alerts, self.ready = dict(alerts), True
        for key in differing:
            self._order.note(key, removed=key not in alerts)
        self._bell.ring()


def _take(alerts: dict[str, Alert], reading: Reading) -> None:
    for record in reading.records:
        identity = (record.key or b"").decode(errors="replace")
        if record.value is None:
            alerts.pop(identity, None)
            continue
        try:
            alert = _decode(record.value)
        except msgspec.DecodeError as error:
            log.warning("not an alert", key=identity, problem=str(error))
            continue
        if alert.id != identity:
            log.warning("not an alert", key=identity, problem=f"it is alert {alert.id}")
            continue
        alerts[identity] = alert
