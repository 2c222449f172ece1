"""Alerts as a worker publishes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from aiokafka import AIOKafkaProducer

from scoring.alerting.alert import Alert, Kind, Status
from scoring.alerting.handling import Handling, State
from scoring.alerting.scopes import scope_of
from scoring.alerting.stages import Stage
from streams.broker import client_options
from streams.names import Names

if TYPE_CHECKING:
    from streams.settings import Settings
    from tests.feed.scores import Record


def alert(
    entity: str,
    raised: str = "2026-03-20",
    resolved: str | None = None,
    indicator: str | None = Stage.CONTACTED,
    **fields: Any,
) -> Alert:
    made = Alert(
        id=f"{entity}|{indicator}|{raised}",
        entity=entity,
        level=scope_of(entity),
        indicator=indicator,
        status=Status.FIRING if resolved is None else Status.RESOLVED,
        kind=Kind.CLOSING,
        raised=raised,
        resolved=resolved,
        since="2026-03-18",
        since_low="2026-03-17",
        since_high="2026-03-19",
        observed=31,
        expected=47.2,
        ratio=0.657,
        ratio_low=0.446,
        ratio_high=0.932,
        n=120,
        days=3,
        evidence_days=2_400.0,
        budget_days=1_000.0,
        baseline=0.4,
        baseline_cases=900,
        explanation=f"31 leads {indicator} since 2026-03-18 where 47.2 were to be expected.",
    )
    return msgspec.structs.replace(made, **fields)


def seen(by: str, **fields: Any) -> Handling:
    """What is left of an acknowledgement on the morning after."""
    made = Handling(
        state=State.ACKNOWLEDGED,
        by=by,
        at=datetime(2026, 3, 21, 9, 5, tzinfo=UTC),
        until=None,
        reason="the form is being mended",
        observed=31,
        expected=47.2,
        days=3,
    )
    return msgspec.structs.replace(made, **fields)


def told(each: Alert) -> Record:
    return each.id.encode(), msgspec.json.encode(each)


def forgotten(each: Alert) -> Record:
    return each.id.encode(), None


async def tell(settings: Settings, *records: Record) -> None:
    """Publish alerts in order, as one worker does."""
    topic = Names(settings.prefix).alerts
    async with AIOKafkaProducer(**client_options(settings)) as producer:
        for key, value in records:
            await producer.send_and_wait(topic, value, key, partition=0)
