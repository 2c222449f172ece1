"""What all stages share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import faust

    from streams.clock import Clock
    from streams.fence import Fence
    from streams.meter import Meter
    from streams.names import Names
    from streams.pump import Backlog
    from streams.settings import Settings
    from streams.watermark import Watermark


@dataclass(frozen=True)
class Stage:
    """A stage's surroundings.

    Attributes:
        app: The Faust application.
        settings: The deployment's settings.
        names: Topic names.
        clock: The clock that events are checked against.
        fence: Keeps a replaced worker from writing.
        meter: Counts what the stages do.
        backlog: What is taken and not yet processed.
        watermark: Until when all has been scored, by whatever worker.
    """

    app: faust.App
    settings: Settings
    names: Names
    clock: Clock
    fence: Fence
    meter: Meter
    backlog: Backlog
    watermark: Watermark

    def owned(self, topic: str) -> set[int]:
        """The partitions of a topic that are this worker's."""
        assigned = cast("set[tuple[str, int]]", self.app.consumer.assignment())
        return {number for name, number in assigned if name == topic}
