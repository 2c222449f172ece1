"""The watermark never passes what is under way, and arrives when nothing is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from aiokafka import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from streams.progress import Progress
from streams.watermark import STEPS, Steps

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Topics on the way, and how often what lies in one may go to the same one before the next.
WAY = (("sources", 0), ("subjects", 2), ("facts", 0), ("rollups", 2))
PARTITIONS = 2


class Item(NamedTuple):
    """What was ingested at a moment, and how often it went to the topic where it lies."""

    ingested: int
    times: int


@dataclass
class Pipeline:
    """Topics, and how much of each is done."""

    topics: dict[TopicPartition, list[Item]] = field(
        default_factory=lambda: {
            TopicPartition(name, number): [] for name, _ in WAY for number in range(PARTITIONS)
        }
    )
    done: dict[TopicPartition, int] = field(default_factory=dict)

    def ingest(self, at: int, number: int) -> None:
        self.topics[TopicPartition("sources", number)].append(Item(at, 0))

    def work(self, tp: TopicPartition, most: int) -> None:
        """Do some of a partition: what it causes is written before that is committed."""
        first = self.done.get(tp, 0)
        for item in self.topics[tp][first : first + most]:
            for topic, caused in self._caused(tp.topic, item):
                self.topics[TopicPartition(topic, item.ingested % PARTITIONS)].append(caused)
        self.done[tp] = min(first + most, len(self.topics[tp]))

    def _caused(self, topic: str, item: Item) -> Iterator[tuple[str, Item]]:
        place = [name for name, _ in WAY].index(topic)
        if item.times < WAY[place][1]:
            yield topic, item._replace(times=item.times + 1)
        if place + 1 < len(WAY):
            yield WAY[place + 1][0], item._replace(times=0)

    @property
    def ends(self) -> dict[TopicPartition, int]:
        return {tp: len(items) for tp, items in self.topics.items()}

    @property
    def under_way(self) -> Iterator[Item]:
        for tp, items in self.topics.items():
            yield from items[self.done.get(tp, 0) :]


PLACES = st.sampled_from(list(Pipeline().topics))


@dataclass(frozen=True)
class Ingest:
    number: int


@dataclass(frozen=True)
class Work:
    place: TopicPartition
    most: int


@dataclass(frozen=True)
class Look:
    """The world goes on between the two questions to the broker."""

    meanwhile: list[TopicPartition]


NUMBERS = st.integers(0, PARTITIONS - 1)
MOVES = st.lists(
    st.builds(Ingest, NUMBERS)
    | st.builds(Work, PLACES, st.integers(1, 3))
    | st.builds(Look, st.lists(PLACES, max_size=3)),
    max_size=120,
)


@given(MOVES)
def test_nothing_ingested_before_the_watermark_is_under_way(
    moves: list[Ingest | Work | Look],
) -> None:
    pipeline, steps = Pipeline(), Steps()
    for at, move in enumerate(moves):
        match move:
            case Ingest(number):
                pipeline.ingest(at, number)
            case Work(place, most):
                pipeline.work(place, most)
            case Look(meanwhile):
                done = dict(pipeline.done)
                for place in meanwhile:
                    pipeline.work(place, 3)
                reached = steps.see(at, Progress(done, pipeline.ends, 0))
                assert all(item.ingested >= (reached or 0) for item in pipeline.under_way)


@given(st.lists(NUMBERS, max_size=20), st.integers(0, 1_000))
def test_it_arrives_where_nothing_is_under_way(ingested: list[int], stalled: int) -> None:
    pipeline, steps = Pipeline(), Steps()
    for number in ingested:
        pipeline.ingest(0, number)
    for at in range(stalled):
        steps.see(at, Progress(pipeline.done, pipeline.ends, 0))
    while any(True for _ in pipeline.under_way):
        for place in pipeline.topics:
            pipeline.work(place, 1_000)
    looks = [steps.see(1_000 + n, Progress(pipeline.done, pipeline.ends, 0)) for n in range(20)]
    assert looks[STEPS:] == [1_000 + n for n in range(20 - STEPS)]


def test_work_of_one_step_a_look_leaves_it_as_old_as_the_way_is_long() -> None:
    pipeline, steps, reached = Pipeline(), Steps(), None
    lay = pipeline.ends
    for at in range(50):
        pipeline.ingest(2 * at, at % PARTITIONS)
        for place, end in lay.items():
            pipeline.work(place, end - pipeline.done.get(place, 0))
        lay = pipeline.ends
        reached = steps.see(2 * at + 1, Progress(dict(pipeline.done), lay, 0))
        assert all(item.ingested > (reached or -1) for item in pipeline.under_way)
    assert reached == 2 * (49 - STEPS) + 1


def test_one_partition_that_stands_still_holds_it_back() -> None:
    pipeline, steps = Pipeline(), Steps()
    stuck = TopicPartition("facts", 1)
    seen = []
    for at in range(2_000):
        pipeline.ingest(at, at % PARTITIONS)
        for tp in pipeline.topics:
            if tp != stuck or at < 100:
                pipeline.work(tp, 1_000)
        seen.append(steps.see(at, Progress(dict(pipeline.done), pipeline.ends, 0)))
    told = [each for each in seen if each is not None]
    assert 100 - 2 * STEPS < max(told) <= 101
