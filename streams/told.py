"""Told: what all workers said last of alerts and of what is normal, and what people remarked."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec
import structlog

from scoring.alerting.alert import Alert
from streams import normals
from streams.absences import START, Absences
from streams.normals import NOTHING_KNOWN, Normal
from streams.remarks import Remarks
from streams.tail import Tail

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aiokafka import ConsumerRecord

    from scoring.cells import Entity
    from streams.names import Names
    from streams.settings import Settings

log = structlog.get_logger()

_decode_alert = msgspec.json.Decoder(Alert).decode


class Told:
    """What all workers said last, of alerts and of baselines, and what people remarked.

    Attributes:
        remarks: What people say of alerts, and of changes that they expect.
        absences: The alerts of sources that fell silent.
    """

    def __init__(self, settings: Settings, names: Names) -> None:
        self._alerts: dict[Entity, dict[str, Alert]] = defaultdict(dict)
        self._normals: dict[Entity, Normal] = {}
        self._tails = (
            Tail(settings, names.alerts, self._learn_alerts),
            Tail(settings, names.baselines, self._learn_baselines),
        )
        self.remarks = Remarks(settings, names)
        self.absences = Absences()
        self.tasks = (*(tail.run for tail in self._tails), self.remarks.run)

    @property
    def is_ready(self) -> bool:
        """Whether everything that was said before has been read."""
        return self.remarks.is_ready and all(tail.is_ready for tail in self._tails)

    def catch_up(self) -> None:
        """Be ready again only when everything that has been said by now has been read."""
        for tail in self._tails:
            tail.catch_up()

    def alerts(self, entity: Entity) -> dict[str, Alert]:
        """The alerts of an entity by identity."""
        return self._alerts.get(entity, {})

    def normal(self, entity: Entity) -> Normal:
        """What is normal for an entity; nothing if it never spoke."""
        return self._normals.get(entity, NOTHING_KNOWN)

    def alerted(self) -> list[Entity]:
        """The entities of which there are alerts."""
        return [entity for entity, alerts in self._alerts.items() if alerts]

    def all_alerts(self) -> Iterator[Alert]:
        """The alerts of all entities."""
        for alerts in self._alerts.values():
            yield from alerts.values()

    def has_spoken(self, entity: Entity) -> bool:
        """Whether it is known what is normal for an entity, be it nothing."""
        return entity in self._normals

    def _learn_alerts(self, records: Iterable[ConsumerRecord]) -> None:
        for record in records:
            identity = _key(record)
            try:
                alert = _decode_alert(record.value) if record.value is not None else None
            except msgspec.DecodeError as error:
                log.warning("not an alert", key=identity, problem=str(error))
                continue
            if identity.startswith(START):
                self.absences.learn(identity, alert)
                continue
            alerts = self._alerts[identity.rsplit("|", 2)[0]]
            if alert is None:
                alerts.pop(identity, None)
            else:
                alerts[identity] = alert

    def _learn_baselines(self, records: Iterable[ConsumerRecord]) -> None:
        for record in records:
            try:
                self._normals[_key(record)] = normals.decode(record.value or b"")
            except msgspec.DecodeError as error:
                # Whoever owns the entity says it again.
                log.warning("not a baseline", key=_key(record), problem=str(error))


def _key(record: ConsumerRecord) -> str:
    return (record.key or b"").decode(errors="replace")
