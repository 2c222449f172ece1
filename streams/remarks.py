"""Remarks of people on alerts, as every worker reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import structlog

from scoring.alerting.declared import concerning
from scoring.alerting.remarks import Declared, Remark
from streams.tail import Tail

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from aiokafka import ConsumerRecord

    from scoring.alerting.remarks import OfAlert
    from scoring.cells import Entity
    from streams.names import Names
    from streams.settings import Settings

log = structlog.get_logger()

decode = msgspec.json.Decoder(Remark).decode
encode = msgspec.json.Encoder().encode


class Remarks:
    """The last remark of each alert, and the changes that are declared.

    Attributes:
        changes: How often the declared changes were other than before.
    """

    def __init__(self, settings: Settings, names: Names) -> None:
        self._of_alerts: dict[str, OfAlert] = {}
        self._declared: dict[str, Declared] = {}
        self.changes = 0
        self._tail = Tail(settings, names.remarks, self._learn)
        self.run = self._tail.run

    @property
    def is_ready(self) -> bool:
        """Whether everything that was said before has been read."""
        return self._tail.is_ready

    def of(self, alert: str) -> OfAlert | None:
        """The last remark of an alert, by its id."""
        return self._of_alerts.get(alert)

    def declared(self, entities: Collection[Entity]) -> list[Declared]:
        """The changes that are declared of some entities."""
        return concerning(self._declared.values(), entities)

    def _learn(self, records: Iterable[ConsumerRecord]) -> None:
        for record in records:
            key = (record.key or b"").decode(errors="replace")
            self._of_alerts.pop(key, None)
            self.changes += self._declared.pop(key, None) is not None
            if record.value is None:
                continue
            try:
                remark = decode(record.value)
            except msgspec.DecodeError as error:
                log.warning("not a remark", key=key, problem=str(error))
                continue
            if isinstance(remark, Declared):
                self._declared[key] = remark
                self.changes += 1
            else:
                self._of_alerts[key] = remark
