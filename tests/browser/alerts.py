"""Alerts as a worker tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from aiokafka import AIOKafkaProducer

from scoring.alerting.alert import Alert, Kind, Status
from scoring.alerting.scopes import scope_of
from scoring.alerting.stages import Stage
from streams.broker import client_options
from streams.names import Names

if TYPE_CHECKING:
    from streams.settings import Settings


def a_drop(entity: str, **fields: Any) -> Alert:
    """31 leads contacted where 47 were expected, since 20 November."""
    made = {
        "id": f"{entity}|contacted|2026-11-24",
        "entity": entity,
        "level": scope_of(entity),
        "indicator": Stage.CONTACTED,
        "status": Status.FIRING,
        "kind": Kind.CLOSING,
        "raised": "2026-11-24",
        "resolved": None,
        "since": "2026-11-20",
        "since_low": "2026-11-19",
        "since_high": "2026-11-21",
        "observed": 31,
        "expected": 47.2,
        "days": 5,
        "ratio": 0.657,
        "ratio_low": 0.45,
        "ratio_high": 0.93,
        "n": 60,
        "evidence_days": 1200.0,
        "budget_days": 400.0,
        "baseline": 0.81,
        "baseline_cases": 5914,
        "explanation": "31 leads contacted since 2026-11-20 where 47.2 were to be expected.",
        **fields,
    }
    return msgspec.convert(made, Alert)


async def tell(settings: Settings, *alerts: Alert) -> None:
    """Publish alerts."""
    async with AIOKafkaProducer(**client_options(settings)) as producer:
        topic = Names(settings.prefix).alerts
        for alert in alerts:
            await producer.send_and_wait(topic, msgspec.json.encode(alert), alert.id.encode())


async def forget(settings: Settings, *alerts: Alert) -> None:
    """Say that alerts are no more."""
    async with AIOKafkaProducer(**client_options(settings)) as producer:
        topic = Names(settings.prefix).alerts
        for alert in alerts:
            await producer.send_and_wait(topic, None, alert.id.encode())
