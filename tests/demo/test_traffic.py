"""The demo's traffic: valid by construction, believable in its figures, flawed on purpose."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import Counter, defaultdict
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from aiokafka import AIOKafkaConsumer
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from scoring.calendar import SECOND, Calendar, micros
from scoring.events.activity import CampaignSpent
from scoring.events.leads import LeadAssigned, LeadCreated
from scoring.events.reference import CampaignDefined, ExecutivePlaced, TargetSet
from scoring.events.sales import SaleCancelled, SaleDisbursed
from streams.cloudevents import Admission, admit, decode
from streams.dead_letters import Reason, RejectedError
from streams.demo.book import FLAWLESS, Book, Flaws, OutgoingEvent
from streams.demo.floor import CHANNELS, LARGEST_LOAN, LEAST_LOAN, Floor
from streams.demo.rhythm import Rhythm
from streams.demo.traffic import LiveTraffic, history, opening, produce
from streams.names import Names
from streams.settings import Settings
from streams.topics import create, required
from tests.services.embedded import Embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from scoring.events import Event, Micros

INDIA = ZoneInfo("Asia/Kolkata")
CALENDAR = Calendar(INDIA)
#: A Tuesday, towards noon.
NOW = micros(datetime(2026, 3, 24, 11, 30, tzinfo=INDIA))
DAY = 86_400 * SECOND
ADMISSION = Admission("INR", 800 * DAY)
DEADLINE = 60.0


def floor(seed: int = 7, headcount: int = 60) -> Floor:
    return Floor(CALENDAR, headcount=headcount, seed=seed)


def decoded(events: Iterable[OutgoingEvent]) -> list[Event]:
    return [decode(event.value, [], event.key) for event in events]


def live(traffic: LiveTraffic, seconds: int, step: int = 1) -> Iterator[OutgoingEvent]:
    for second in range(0, seconds + 1, step):
        yield from traffic.until(NOW + second * SECOND)


def past(days: int = 60, flaws: Flaws = FLAWLESS) -> list[OutgoingEvent]:
    return list(history(floor(), NOW, days, Book(floor(), NOW, flaws)))


@pytest.fixture(scope="module")
def two_months() -> list[Event]:
    return decoded(past())


@given(seed=st.integers(0, 10**9), headcount=st.integers(1, 40), ago=st.integers(0, 400))
@hypothesis_settings(max_examples=25)
def test_every_event_is_accepted(seed: int, headcount: int, ago: int) -> None:
    now = NOW - ago * DAY
    book = Book(floor(seed, headcount), now, Flaws(malformed=0))
    traffic = [*opening(book.floor, now, 3, book), *history(book.floor, now, 3, book)]
    going_on = LiveTraffic(book.floor, now, rate=20, book=book)
    traffic += going_on.until(now + 100 * SECOND)
    for outgoing in traffic:
        event = decode(outgoing.value, [], outgoing.key)
        admit(event, now + 100 * SECOND, ADMISSION)
        assert outgoing.topic_family == event.data.family
        assert outgoing.key.decode() == event.data.subject.partition(":")[2]
        assert msgspec.json.decode(outgoing.value)["subject"] == outgoing.key.decode()


def test_the_same_seed_and_moment_give_the_same_traffic() -> None:
    assert floor().executives == floor().executives
    assert past(5, Flaws()) == past(5, Flaws())
    assert floor(8).executives != floor().executives


def test_two_runs_share_no_event_and_no_lead() -> None:
    later = NOW + 60 * SECOND
    first = decoded(history(floor(), NOW, 2, Book(floor(), NOW, FLAWLESS)))
    second = decoded(history(floor(), later, 2, Book(floor(), later, FLAWLESS)))
    assert not {event.id for event in first} & {event.id for event in second}
    assert not {e.data.subject for e in first if isinstance(e.data, LeadCreated)} & {
        e.data.subject for e in second
    }


@pytest.mark.parametrize("headcount", [45, 60, 100, 777])
def test_teams_are_of_eight_to_ten_within_branches(headcount: int) -> None:
    people = floor(headcount=headcount).executives
    sizes = Counter(executive.team for executive in people)
    assert all(8 <= size <= 10 for size in sizes.values())
    assert len({e.branch for e in people}) > 1
    assert all(e.branch == floor(headcount=headcount).teams[e.team] for e in people)


def test_nobody_is_left_without_a_floor() -> None:
    with pytest.raises(ValueError, match="at least 1 executive"):
        floor(headcount=0)


def test_the_opening_places_everybody_and_sets_targets() -> None:
    known = [event.data for event in decoded(opening(floor(), NOW, 45))]
    placed = {data.executive_id for data in known if isinstance(data, ExecutivePlaced)}
    assert placed == {executive.id for executive in floor().executives}
    targets = [data for data in known if isinstance(data, TargetSet)]
    for kpi in ("sales_targets.sales_volume", "lead_generation.qualified_leads"):
        for period in ("2026-02", "2026-03", "2026-04"):
            aimed = [t for t in targets if t.kpi == kpi and t.period == period]
            assert len(aimed) == len(placed)
            assert all(t.value > 0 for t in aimed)
    campaigns = [data for data in known if isinstance(data, CampaignDefined)]
    assert {True, False} == {campaign.digital for campaign in campaigns}
    assert any(campaign.branch_id in floor().branches for campaign in campaigns)


def test_campaigns_run_while_their_leads_come_and_money_is_booked_on_their_channel() -> None:
    book = Book(floor(), NOW, Flaws(malformed=0))
    known = [event.data for event in decoded(opening(floor(), NOW, 45, book))]
    campaigns = {data.campaign_id: data for data in known if isinstance(data, CampaignDefined)}
    events = decoded(history(floor(), NOW, 45, book))
    leads = [
        (event.data.campaign_id, CALENDAR.day(event.time))
        for event in events
        if isinstance(event.data, LeadCreated) and event.data.campaign_id
    ]
    for campaign, day in leads:
        start = campaigns[campaign].start_date
        assert start is not None
        assert start.toordinal() <= day
    spends = [event.data for event in events if isinstance(event.data, CampaignSpent)]
    assert {spent.campaign_id for spent in spends} == campaigns.keys()
    assert all(spent.channel == campaigns[spent.campaign_id].channel for spent in spends)
    today = CALENDAR.day(NOW)
    ends = [campaign.end_date for campaign in campaigns.values()]
    assert all(end is not None and end.toordinal() >= today + 365 for end in ends)


def test_the_past_ends_now_and_is_roughly_in_order(two_months: list[Event]) -> None:
    times = [event.time for event in two_months]
    assert max(times) <= NOW
    assert NOW - 62 * DAY < min(times) < NOW - 58 * DAY
    flawed = [event.time for event in decoded(past(10, Flaws(malformed=0)))]
    back = sum(later < earlier for earlier, later in pairwise(flawed))
    assert 0 < back < len(flawed) / 10


def test_channels_convert_at_their_own_rates(two_months: list[Event]) -> None:
    channel = {
        e.data.lead_id: e.data.channel for e in two_months if isinstance(e.data, LeadCreated)
    }
    leads = Counter(channel.values())
    loans = Counter(
        channel[e.data.lead_id]
        for e in two_months
        if isinstance(e.data, SaleDisbursed) and e.data.lead_id in channel
    )
    for mix in CHANNELS:
        if leads[mix.channel] > 500:
            rate = loans[mix.channel] / leads[mix.channel]
            assert rate == pytest.approx(mix.conversion, rel=0.35), mix.channel


def test_loans_are_of_two_sorts(two_months: list[Event]) -> None:
    amounts = [e.data.amount for e in two_months if isinstance(e.data, SaleDisbursed)]
    assert min(amounts) >= LEAST_LOAN
    assert max(amounts) <= LARGEST_LOAN
    small = sum(1_00_000 <= amount < 2_50_000 for amount in amounts)
    between = sum(3_50_000 <= amount < 5_00_000 for amount in amounts)
    large = sum(6_50_000 <= amount < 8_00_000 for amount in amounts)
    assert between < large < small


def test_customers_come_back_and_loans_are_cancelled(two_months: list[Event]) -> None:
    sales = [e.data for e in two_months if isinstance(e.data, SaleDisbursed)]
    customers = Counter(sale.customer_id for sale in sales)
    assert 0.03 < 1 - len(customers) / len(sales) < 0.15
    cancelled = sum(isinstance(e.data, SaleCancelled) for e in two_months)
    assert 0.01 < cancelled / len(sales) < 0.05


def test_leads_without_an_owner_get_one_later(two_months: list[Event]) -> None:
    created = {
        e.data.lead_id: (e.time, e.data) for e in two_months if isinstance(e.data, LeadCreated)
    }
    unowned = {lead for lead, (_, data) in created.items() if data.executive_id is None}
    assert 0.05 < len(unowned) / len(created) < 0.11
    for event in two_months:
        if isinstance(event.data, LeadAssigned):
            assert event.data.lead_id in unowned
            assert event.time > created[event.data.lead_id][0]


def test_live_traffic_has_about_its_rate() -> None:
    going_on = LiveTraffic(floor(), NOW, rate=20)
    for _ in live(going_on, 600):
        pass
    seconds = range(601, 2401)
    events = sum(1 for s in seconds for _ in going_on.until(NOW + s * SECOND))
    expected = 20 * Rhythm(CALENDAR).share(NOW)
    assert events / len(seconds) == pytest.approx(expected, rel=0.1)


def test_the_rhythm_dips_at_night_but_never_to_nothing() -> None:
    shares = [Rhythm(CALENDAR).share(NOW + hour * 3600 * SECOND) for hour in range(7 * 24)]
    assert min(shares) >= 0.6
    assert 0.97 <= max(shares) <= 1
    night = micros(datetime(2026, 3, 24, 3, 0, tzinfo=INDIA))
    assert Rhythm(CALENDAR).share(night) < 0.65 < Rhythm(CALENDAR).share(NOW)


def test_a_live_lead_is_sold_within_minutes() -> None:
    book = Book(floor(), NOW, FLAWLESS)
    events = decoded(live(LiveTraffic(floor(), NOW, rate=20, book=book), 1200))
    created: dict[str | None, Micros] = {
        e.data.lead_id: e.time for e in events if isinstance(e.data, LeadCreated)
    }
    waits = [
        (e.time - created[e.data.lead_id]) / SECOND
        for e in events
        if isinstance(e.data, SaleDisbursed)
    ]
    assert len(waits) > 100
    assert 15 < statistics.median(waits) < 120
    assert min(waits) > 0


def test_live_events_happen_when_they_are_sent_unless_they_are_late() -> None:
    going_on = LiveTraffic(floor(), NOW, rate=20, book=Book(floor(), NOW, Flaws(malformed=0)))
    lateness = []
    for second in range(900):
        now = NOW + second * SECOND
        lateness += [(now - event.time) / SECOND for event in decoded(going_on.until(now))]
    assert min(lateness) >= 0
    assert sum(late <= 1 for late in lateness) > 0.9 * len(lateness)
    assert statistics.median(lateness) < 1
    assert max(lateness) > 86_400


def test_journeys_of_the_past_go_on() -> None:
    book = Book(floor(), NOW, FLAWLESS)
    known = {e.data.subject for e in decoded(history(floor(), NOW, 20, book))}
    going_on = LiveTraffic(floor(), NOW, rate=1, book=book)
    subjects = {e.data.subject for e in decoded(live(going_on, 3600, 60))}
    assert known & subjects


def test_after_a_long_pause_nothing_piles_up() -> None:
    going_on = LiveTraffic(floor(), NOW, rate=20, book=Book(floor(), NOW, FLAWLESS))
    events = list(going_on.until(NOW + 10 * 3600 * SECOND))
    assert 0 < len(events) < 20 * 300


def test_duplicates_and_malformed_events_are_few_and_of_every_kind() -> None:
    events = past(30, Flaws())
    share = 1 - len(set(events)) / len(events)
    assert 0.005 < share < 0.015
    reasons: Counter[Reason] = Counter()
    for event in past(30, Flaws(malformed=0.02)):
        try:
            admit(decode(event.value, [], event.key), NOW, ADMISSION)
        except RejectedError as rejected:
            reasons[rejected.reason] += 1
    assert reasons.keys() == {
        Reason.MALFORMED_JSON,
        Reason.MISSING_TIME,
        Reason.UNKNOWN_TYPE,
        Reason.WRONG_CURRENCY,
        Reason.INVALID_FIELD,
    }
    assert 0.01 < reasons.total() / len(events) < 0.03


@pytest.mark.parametrize(("rate", "speed"), [(0, 1), (1, 0), (float("nan"), 1)])
def test_rate_and_speed_are_above_0(rate: float, speed: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        LiveTraffic(floor(), NOW, rate=rate, speed=speed)


async def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, f"not within {DEADLINE:g} s: {what}"
        await asyncio.sleep(0.05)


async def collect(settings: Settings, records: dict[str, list[Any]]) -> None:
    consumer = AIOKafkaConsumer(
        *Names(settings.prefix).sources.values(),
        bootstrap_servers=settings.broker,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        async for record in consumer:
            records[record.topic].append(record)
    finally:
        await consumer.stop()


async def test_produce_sends_the_past_then_goes_on_over_a_restart_of_the_broker(
    tmp_path: Path, prefix: str
) -> None:
    with Embedded(tmp_path) as broker:
        settings = Settings(broker=broker.bootstrap, prefix=prefix, partitions=2)
        names = Names(prefix)
        await create(settings, required(settings, names))
        few, stop = floor(headcount=10), asyncio.Event()
        records: dict[str, list[Any]] = defaultdict(list)
        reading = asyncio.create_task(collect(settings, records))
        began = time.time_ns() // 1000
        run = asyncio.create_task(produce(settings, few, rate=40, history_days=7, stop=stop))
        leads = names.sources["leads"]
        await until(lambda: happened_after(records[leads], began), "live leads")
        assert len(records[leads]) > 300
        assert len(records[names.sources["reference"]]) > len(few.executives)

        await asyncio.to_thread(broker.stop)
        await asyncio.to_thread(broker.start)
        back = time.time_ns() // 1000
        await until(lambda: happened_after(records[leads], back), "leads after the restart")
        stop.set()
        await asyncio.wait_for(run, DEADLINE)
        reading.cancel()
        await asyncio.wait([reading])

    for topic, found in records.items():
        for record in found:
            assert topic in names.sources.values()
            try:
                subject = msgspec.json.decode(record.value)["subject"]
            except msgspec.DecodeError:
                continue
            assert record.key.decode() == subject


def happened_after(records: list[Any], moment: int) -> bool:
    return any(
        event.time > moment
        for event in decoded(OutgoingEvent("leads", r.key, r.value) for r in records[-200:])
    )
