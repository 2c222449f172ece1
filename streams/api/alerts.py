"""`/v1/alerts`: conversions that dropped, KPIs that got worse, sources that are silent."""

from __future__ import annotations

from hashlib import blake2b
from http import HTTPStatus
from typing import TYPE_CHECKING

import msgspec

from scoring.alerting.alert import Status
from scoring.alerting.handling import State, state
from scoring.alerting.scopes import Scope
from streams.api.documents import Alerts
from streams.api.endpoint import respond
from streams.api.problems import ProblemError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from streams.feed import Feed


class AlertsQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which alerts: of a level, of an entity (`team:Pune A`), of a status, handled or open."""

    level: Scope | None = None
    entity: str | None = None
    status: Status | None = None
    handling: State | None = None


class AlertsOfFeed:
    """Answers from a feed.

    Args:
        feed: The alerts.
    """

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    async def alerts(self, request: Request, asked: AlertsQuestion) -> Response:
        """The alerts that are asked for.

        Raises:
            ProblemError: If they have not been read yet.
        """
        book = self._feed.alerts
        if not book.ready:
            raise ProblemError(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "the alerts are not read yet: ask again; if it lasts, look at /readyz",
                retry_after=1,
            )
        found = [
            alert
            for alert in book.all()
            if asked.level in (None, alert.level)
            and asked.entity in (None, alert.entity)
            and asked.status in (None, alert.status)
            and asked.handling in (None, state(alert))
        ]
        body = msgspec.json.encode(Alerts(alerts=found))
        tag = blake2b(body, digest_size=12).hexdigest()
        return respond(request, body, tag=tag, stale_since=self._feed.state.stale_since)
