"""Facts: what a log causes counts once, from whatever state its reader begins again."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import faust
from hypothesis import example, given
from hypothesis import strategies as st

from scoring.cells import Cells, Place, merge
from scoring.journeys import NEW, Change, Verdict
from scoring.panes import EMPTY, OpenPane, position
from streams.clock import Clock
from streams.fence import Fence
from streams.frames import EntityItem, Fact, FrameReader
from streams.journeys import _Work
from streams.meter import Meter
from streams.names import Names
from streams.outbox import Outbox
from streams.pump import Backlog
from streams.settings import Settings
from streams.stage import Stage
from streams.watermark import Watermark
from tests.scoring.making import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from streams.frames import FrameWriter
    from streams.stamps import Stamp

APP = faust.App("facts")
SETTINGS = Settings(partitions=1)
STAGE = Stage(
    app=APP,
    settings=SETTINGS,
    names=Names("t"),
    clock=Clock(),
    fence=Fence(APP, 30.0),
    meter=Meter(),
    backlog=Backlog(),
    watermark=Watermark(SETTINGS),
)
PLACES = (Place("executive:E", 10), Place("executive:E", 11), Place("campaign:C", 10))


class Item(NamedTuple):
    """By how much an item changes what its subject contributes to a place."""

    subject: str
    place: Place
    n: int

    @property
    def change(self) -> Change:
        facts = {self.place: {3: {"leads": self.n}}}
        return Change(NEW, Verdict.APPLIED, facts=facts)


frames = st.lists(
    st.lists(
        st.builds(
            Item, st.sampled_from("abc"), st.sampled_from(PLACES), st.sampled_from((-1, 1, 2))
        ),
        max_size=6,
    ),
    max_size=4,
)


class Sent(Outbox):
    """The facts that were sent."""

    def __init__(self) -> None:
        super().__init__(APP)
        self.facts: list[Fact] = []

    def frames(self, topic: str, frames: FrameWriter, stamp: Stamp | None) -> None:
        if topic.endswith("facts"):
            reader: FrameReader[EntityItem] = FrameReader(EntityItem)  # type: ignore[arg-type]
            for _, records in frames.records():
                sent = [item for record in records for item in reader.items(record.value or b"")]
                self.facts += [item for item in sent if isinstance(item, Fact)]
        super().frames(topic, frames, stamp)


def facts(log: Sequence[Sequence[Item]], known: Collection[str]) -> list[Fact]:
    """What a reader of a log sends to whom all is news but of the subjects that it knows."""
    work, sent = _Work(STAGE, 0), Sent()
    for offset, frame in enumerate(log):
        for index, item in enumerate(frame):
            if item.subject not in known:
                work.take(item.subject, position("", offset, index)[1], item.change)
        work.end_frame()
    work.fill(sent, None)
    return sent.facts


@given(frames, st.sets(st.sampled_from("abc")))
@example([[Item("a", PLACES[0], 1), Item("b", PLACES[0], -1)]], {"a"})
def test_a_log_counts_once_whichever_states_were_written_before_a_death(
    log: list[list[Item]], written: set[str]
) -> None:
    panes: defaultdict[Place, OpenPane] = defaultdict(lambda: OpenPane(EMPTY))
    for fact in (*facts(log, ()), *facts(log, written)):
        pane = panes[Place(fact.entity, fact.day)]
        pane.fold((str(fact.cause_partition), fact.cause), fact.cells)
    for place in PLACES:
        total: Cells = {}
        for frame in log:
            for item in frame:
                if item.place == place:
                    merge(total, item.change.facts[place])
        assert panes[place].close(place.day, EVERYTHING).cells == total


@given(frames)
def test_a_frame_causes_one_fact_at_a_place(log: list[list[Item]]) -> None:
    sent = facts(log, ())
    places = [{item.place for item in frame} for frame in log]
    assert len(sent) == sum(map(len, places))
    assert len({(fact.entity, fact.day, fact.cause) for fact in sent}) == len(sent)


def test_making_facts_leaves_what_is_meant_alone() -> None:
    work = _Work(STAGE, 0)
    first, second = Item("a", PLACES[0], 1).change, Item("b", PLACES[0], 2).change
    work.take("a", 1, first)
    work.take("b", 2, second)
    assert first.facts == {PLACES[0]: {3: {"leads": 1}}}
    assert second.facts == {PLACES[0]: {3: {"leads": 2}}}
