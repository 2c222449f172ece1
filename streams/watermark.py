"""The watermark: the moment until which all that was ingested has been scored.

What lies in the topics at one moment has gone a step further once the group has done all that
lay before their ends of that moment; what it caused lies in the topics by then. After as many
steps as there are from a source to the company's score nothing is under way any more of what had
been ingested at the first moment. Nobody has to tell anything for that, so a worker that stands
still or is gone holds the watermark back as well as one that is slow.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, NamedTuple

import structlog
from aiokafka.errors import KafkaError

from streams.names import Names
from streams.progress import gauge

if TYPE_CHECKING:
    from streams.progress import Offsets, Progress
    from streams.settings import Settings

log = structlog.get_logger()

#: Sources; subjects, one of which tells another, and that one a third; facts; teams, branches,
#: the company.
STEPS = 8
#: Looks that are kept while nothing gets further; every second one goes when there are more.
_MOST_LOOKS = 600
_RETRY_SECONDS = 5.0
#: Several times as old as the watermark is while work goes on as it should.
BEHIND_SECONDS = 60.0


class _Look(NamedTuple):
    """What was seen at a moment.

    Attributes:
        ends: The topics' ends.
        reached: The latest moment of which all has gone no step, one step, ... as far as known.
    """

    ends: Offsets
    reached: tuple[float, ...]


class Steps:
    """Follows what lay in the topics at each look, step by step."""

    def __init__(self) -> None:
        self._looks: list[_Look] = []

    def see(self, at: float, progress: Progress) -> float | None:
        """Note a look.

        Args:
            at: The moment before it, in seconds of any clock.
            progress: How far the group was.

        Returns:
            The latest moment of which it is new that all that had been ingested is scored.
        """
        newest = self._newest_done(progress)
        reached: tuple[float, ...] = ()
        if newest is not None:
            reached = self._looks[newest].reached
            # A later look will find that one or a later one.
            del self._looks[:newest]
        self._looks.append(_Look(progress.ends, (at, *reached[: STEPS - 1])))
        if len(self._looks) > _MOST_LOOKS:
            # Without a look between others less is known, and nothing false.
            del self._looks[1::2]
        return reached[STEPS - 1] if len(reached) == STEPS else None

    def _newest_done(self, progress: Progress) -> int | None:
        """The latest look since which all has gone a step."""
        numbers = reversed(range(len(self._looks)))
        return next((n for n in numbers if progress.has_done(self._looks[n].ends)), None)


class Watermark:
    """Follows the watermark for as long as `run` runs.

    Args:
        settings: How to reach the broker, and how often positions move.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._since: float | None = None
        self._scored_until: float | None = None

    @property
    def age(self) -> float | None:
        """Seconds since the watermark; None while it is not known."""
        return None if self._scored_until is None else time.monotonic() - self._scored_until

    @property
    def is_behind(self) -> bool:
        """Whether what was ingested long ago waits to be scored, as far as is known."""
        until = self._scored_until or self._since
        return until is not None and time.monotonic() - until > BEHIND_SECONDS

    async def run(self) -> None:
        """Look for ever, whatever becomes of the broker."""
        told = ""
        while True:
            try:
                await self._follow()
            except (KafkaError, TimeoutError, OSError) as error:
                problem = str(error) or type(error).__name__
                if problem != told:
                    log.warning("the watermark is not known", problem=problem)
                told = problem
            await asyncio.sleep(_RETRY_SECONDS)

    async def _follow(self) -> None:
        steps = Steps()
        async with gauge(self._settings, Names(self._settings.prefix)) as measure:
            while True:
                at = time.monotonic()
                reached = steps.see(at, await measure.progress())
                self._since = self._since or at
                if reached is not None:
                    self._scored_until = max(reached, self._scored_until or reached)
                await asyncio.sleep(self._settings.commit_interval)
