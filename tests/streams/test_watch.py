"""The terminal leaderboard: what it keeps, how it looks, and what it does without a broker."""

from __future__ import annotations

import asyncio
import io
import time
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from aiokafka import AIOKafkaProducer
from rich.console import Console

from scoring.calendar import SECOND
from scoring.windows import Window
from streams.names import Names
from streams.settings import Settings
from streams.topics import create, required
from streams.watch import Board, View, watch
from streams.watch.feed import follow
from streams.watch.figures import percent, points, span, whole
from tests.feed.scores import score as any_score
from tests.services.embedded import Embedded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scoring.score import Score

NOW = 1_774_332_000 * SECOND
DASH = "\N{EN DASH}"
DEADLINE = 60.0


def score(entity: str, overall: float | None, version: int = 1, **fields: Any) -> Score:
    return any_score(entity, overall, version, **{"kpis": kpis(), **fields})


def kpis(volume: float | None = 1_234_567.0, change: float | None = 1.0) -> dict[str, Any]:
    return {
        "sales_targets.sales_volume": {
            "value": volume,
            "n": 7,
            "attainment": None if volume is None else 0.62,
            "change": change,
        },
        "sales_targets.conversion_rate": {"value": 0.07, "denominator": 1200},
        "lead_generation.conversion_rate": {"value": 0.081},
        "lead_generation.qualified_leads": {"value": 33},
    }


def board(*scores: Score, currency: str = "INR") -> Board:
    made = Board(Window.MONTH, currency)
    for each in scores:
        made.learn(each, NOW - 3 * SECOND)
    return made


def text(
    shown: Board, limit: int = 15, now: int = NOW, width: int = 80, height: int | None = None
) -> str:
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True)
    console.print(View(shown, now, limit, height=height))
    return console.export_text()


def test_news_stand_on_the_board() -> None:
    news = "The channel web passes on wrong numbers"
    console = Console(record=True, width=80, file=io.StringIO(), force_terminal=True)
    console.print(View(board(), NOW, news=news))
    assert news in console.export_text()
    assert news not in text(board())


def row(shown: str, name: str) -> str:
    return next(line for line in shown.splitlines() if name in line)


def test_the_newest_score_is_kept_whatever_the_order() -> None:
    old, new = score("company:company", 50.0, 1), score("company:company", 60.0, 2)
    later = msgspec.structs.replace(new, score=61.0, as_of="2026-03-24T06:05:00+00:00")
    for order in ((old, new, later), (later, new, old), (new, later, old, new)):
        company = board(*order).company
        assert company is not None
        assert company.score == 61.0


def test_records_of_other_windows_are_passed_over_and_an_empty_one_removes() -> None:
    shown, value = Board(Window.MONTH, "INR"), msgspec.json.encode(score("team:Pune|A", 50.0))
    shown.read(b"team:Pune|A|week", value, NOW)
    assert shown.changed_at is None
    shown.read(b"team:Pune|A|month", value, NOW)
    assert "Pune|A" in text(shown)
    shown.read(b"team:Pune|A|month", None, NOW)
    assert "Pune|A" not in text(shown)


def test_what_cannot_be_read_is_said() -> None:
    shown = board(score("company:company", 50.0))
    shown.read(b"company:company|month", b'{"score": "high"}', NOW)
    shown.read(b"company:company|month", b"{", NOW)
    shown.read(None, b"{", NOW)
    assert "2 records could not be read" in text(shown)


def test_the_header_has_the_company() -> None:
    shown = text(board(score("company:company", 71.44)))
    assert "Company score 71.4   2026-03-01 to 2026-03-24" in shown
    assert "Volume 12,34,567 INR" in shown
    assert "62 % of target to date" in shown
    assert "Leads 1,200   Loans 7   Loans per lead 7.0 %   Cohort conversion 8.1 %" in shown
    assert "Last change 3 s ago" in shown
    assert "worker" not in shown
    assert "this month" in shown


def test_the_bar_is_full_at_the_target() -> None:
    over = kpis()
    over["sales_targets.sales_volume"]["attainment"] = 1.7
    bars = [row(text(board(score("company:company", 1, kpis=k))), "Volume") for k in (kpis(), over)]
    assert [bar.count("━") for bar in bars] == [15, 24]


def test_undefined_is_a_dash_and_never_a_zero() -> None:
    nothing = msgspec.structs.replace(score("company:company", None), kpis={})
    lines = row(text(board(nothing)), "Company score"), row(text(board(nothing)), "Volume")
    assert f"Company score {DASH}" in lines[0]
    assert f"Volume {DASH} INR" in lines[1]
    assert f"{DASH} of target" in lines[1]
    executive = score("executive:E-1", None, kpis=kpis(None, None))
    cells = row(text(board(executive)), "E-1").split()
    assert cells == [DASH, "E-1", "Pune", "A", DASH, DASH, DASH, "7", "33", "8.1", "%"]


def test_executives_are_ranked_in_the_whole_company_by_shown_score() -> None:
    shown = text(
        board(
            score("executive:E-1", 50.0, name="Asha Rao"),
            score("executive:E-2", 80.02, name="Ravi Nair", parent="team:Pune B"),
            score("executive:E-3", 79.98, name="Isha Das"),
            score("executive:E-4", None, name="Neha Shah"),
            score("executive:E-5", 99.0, name="Has Left", active=False),
        )
    )
    names = ["Ravi Nair", "Isha Das", "Asha Rao", "Neha Shah"]
    assert sorted(names, key=shown.index) == names
    assert [row(shown, name).split()[0] for name in names] == ["1", "1", "2", DASH]
    assert "Has Left" not in shown
    assert "Pune B" in row(shown, "Ravi Nair")


def test_a_place_says_which_others_luck_leaves_open() -> None:
    shown = text(
        board(
            score("executive:E-1", 90.0, error=1.0),
            score("executive:E-2", 50.0, error=1.0),
            score("executive:E-3", 49.0, error=1.0),
            score("executive:E-4", 20.0),
            score("team:Pune A", 60.0, error=3.0),
            score("team:Pune B", 61.0, error=3.0),
        )
    )
    assert row(shown, "E-1").split()[:2] == ["1", "E-1"], "nothing is left to luck"
    assert row(shown, "E-2").split()[:3] == ["2", f"2{DASH}3", "E-2"]
    assert row(shown, "E-3").split()[:3] == ["3", f"2{DASH}3", "E-3"]
    assert row(shown, "E-4").split()[:2] == ["4", "E-4"], "nobody knows"
    assert row(shown, "Pune B").split()[:2] == ["1", f"1{DASH}2"]
    assert "Luck: places left open by luck alone (80 %)." in shown


@pytest.mark.parametrize(
    ("size", "news", "teams", "executives"),
    [
        ((80, 24), 0, "3 of 7", "7 of 60"),
        ((80, 24), 2, "3 of 7", "5 of 60"),
        ((80, 30), 0, "5 of 7", "11 of 60"),
        ((120, 40), 0, "7", "15 of 60"),
    ],
)
def test_it_fits_into_the_terminal(
    size: tuple[int, int], news: int, teams: str, executives: str
) -> None:
    shown = board(
        score("company:company", 60.0),
        *(score(f"team:T-{n}", 50.0 + n) for n in range(7)),
        *(score(f"executive:E-{n}", 50.0 + n / 10, error=4.0) for n in range(60)),
    )
    width, height = size
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True)
    console.print(View(shown, NOW, 15, "\n".join(["news"] * news) or None, height))
    lines = console.export_text().splitlines()
    assert len(lines) <= height
    assert f"Teams ({teams})" in [line.rstrip() for line in lines]
    assert f"Executives ({executives})" in [line.rstrip() for line in lines]
    assert "Luck: " in lines[-1], "nothing is below the edge"


def test_a_long_name_keeps_its_ends_where_there_is_no_room() -> None:
    long = "Lakshmi Venkataraghavan Iyer"
    shown = board(score("executive:E-1", 50.0, name=long))
    assert "Lakshmi V. Iyer" in text(shown)
    assert long in text(shown, width=120)


def test_those_without_a_team_are_no_team() -> None:
    alone = score("executive:E-1", 50.0, name="Asha Rao", parent="team:unplaced")
    shown = text(
        board(score("team:unplaced", 90.0, active=False), score("team:Pune A", 50.0), alone)
    )
    assert "unplaced" not in shown
    assert row(shown, "Pune A").split()[0] == "1"
    assert row(shown, "Asha Rao").split()[:4] == ["1", "Asha", "Rao", DASH]


def test_an_arrow_shows_the_change_of_volume() -> None:
    signs = {1.0: "▲", -1.0: "▼", 0.0: "=", None: DASH}
    for change, sign in signs.items():
        shown = text(board(score("executive:E-1", 50.0, kpis=kpis(change=change))))
        assert sign in row(shown, "E-1").split()


def test_only_so_many_executives_are_shown() -> None:
    shown = text(board(*(score(f"executive:E-{n}", float(n)) for n in range(10, 40))), limit=5)
    assert "Executives (5 of 30)" in shown
    assert "E-35" in shown
    assert "E-34" not in shown


def test_it_fits_into_80_columns_whatever_the_names() -> None:
    large = kpis(9_99_99_99_999.0)
    shown = text(
        board(
            score("company:company", 100.0, kpis=large),
            score("team:" + "Thiruvananthapuram North " * 3, 100.0, kpis=large),
            score("executive:E-1", 100.0, name="Srinivasa Ramanujan " * 4, kpis=kpis(99_99_99_999)),
        )
    )
    assert max(len(line.rstrip()) for line in shown.splitlines()) <= 80
    assert "9,99,99,99,999" in row(shown, "Thiruva")
    assert "99,99,99,999" in row(shown, "Srinivasa")


def test_markup_in_names_is_text() -> None:
    shown = text(board(score("executive:E-1", 50.0, name="[red]Asha[/]", parent="team:[b]A[/b]")))
    assert "[red]Asha[/]" in shown
    assert "[b]A[/b]" in shown


def test_before_the_first_score_it_says_so() -> None:
    assert "No scores yet" in text(Board(Window.MONTH, "INR"))


def test_when_no_score_comes_any_more_it_asks_for_the_worker() -> None:
    shown = board(score("company:company", 71.4))
    assert "Last change 5 min 59 s ago  " in text(shown, now=NOW + 356 * SECOND)
    later = text(shown, now=NOW + 358 * SECOND)
    assert "Last change 6 min 1 s ago: is the worker running?" in later


def test_without_a_broker_it_says_since_when_and_that_what_is_shown_is_old() -> None:
    shown = board(score("company:company", 71.4))
    shown.lost(NOW - 125 * SECOND)
    shown.lost(NOW - 5 * SECOND)
    assert "Broker unreachable for 2 min 5 s: what is shown is old" in text(shown)
    shown.connected()
    assert "unreachable" not in text(shown)
    assert "No scores yet" in text(shown)
    never = Board(Window.MONTH, "INR")
    never.lost(NOW)
    assert "Broker unreachable for 0 s: nothing is known yet. Start it, or set" in text(never)


@pytest.mark.parametrize(
    ("number", "currency", "expected"),
    [
        (None, "INR", DASH),
        (0, "INR", "0"),
        (999, "INR", "999"),
        (1000, "INR", "1,000"),
        (1234567, "INR", "12,34,567"),
        (123456789.6, "INR", "12,34,56,790"),
        (-100000, "INR", "-1,00,000"),
        (-0.2, "INR", "0"),
        (1234567, "EUR", "1,234,567"),
    ],
)
def test_numbers_are_grouped_as_the_country_does(
    number: float | None, currency: str, expected: str
) -> None:
    assert whole(number, currency) == expected


def test_figures_as_text() -> None:
    assert (points(None), points(71.45)) == (DASH, "71.5")
    assert (percent(None), percent(0.0), percent(0.6249, 0)) == (DASH, "0.0 %", "62 %")
    spans = [span(seconds * SECOND) for seconds in (-1, 59, 61, 3_700, 90_000)]
    assert spans == ["0 s", "59 s", "1 min 1 s", "1 h 1 min", "1 d 1 h"]


async def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, f"not within {DEADLINE:g} s: {what}"
        await asyncio.sleep(0.05)


async def publish(settings: Settings, *scores: Score) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=settings.broker)
    await producer.start()
    try:
        for each in scores:
            key = f"{each.key}|{each.window}".encode()
            await producer.send_and_wait(
                Names(settings.prefix).scores, msgspec.json.encode(each), key
            )
    finally:
        await producer.stop()


def company_score(shown: Board) -> float | None:
    return shown.company.score if shown.company is not None else None


async def test_the_feed_reads_from_the_beginning_and_outlives_the_broker(
    tmp_path: Path, prefix: str
) -> None:
    broker = Embedded(tmp_path)
    settings = Settings(broker=broker.bootstrap, prefix=prefix, partitions=2)
    shown = Board(Window.MONTH, "INR")
    feed = asyncio.create_task(follow(settings, shown))
    await until(lambda: shown.unreachable_since is not None, "no broker yet")
    with broker:
        await until(lambda: shown.unreachable_since is None, "a broker without topics")
        await create(settings, required(settings, Names(prefix)))
        await publish(settings, score("company:company", 40.0), score("team:Pune A", 40.0))
        await until(lambda: company_score(shown) == 40.0, "the first score")

        await asyncio.to_thread(broker.stop)
        await until(lambda: shown.unreachable_since is not None, "the broker is gone")
        assert company_score(shown) == 40.0
        await asyncio.to_thread(broker.start)
        await until(lambda: shown.unreachable_since is None, "the broker is back")
        await until(lambda: company_score(shown) == 40.0, "the first score again")
        await publish(settings, score("company:company", 45.0, 2))
        await until(lambda: company_score(shown) == 45.0, "a score after the restart")
    await until(lambda: shown.unreachable_since is not None, "the broker is gone for good")
    other = Embedded(tmp_path / "other")
    other.port, other.bootstrap = broker.port, broker.bootstrap
    with other:
        await create(settings, required(settings, Names(prefix)))
        await publish(settings, score("company:company", 30.0, 1))
        await until(lambda: company_score(shown) == 30.0, "the lower version of another broker")
        feed.cancel()
        await asyncio.wait([feed])


async def test_without_a_terminal_it_prints_a_line_per_change(
    embedded_broker: Embedded, prefix: str
) -> None:
    settings = Settings(broker=embedded_broker.bootstrap, prefix=prefix, partitions=2)
    await create(settings, required(settings, Names(prefix)))
    out = io.StringIO()
    task = asyncio.create_task(watch(settings, console=Console(file=out)))
    await until(lambda: "no scores yet" in out.getvalue(), "the first line")
    await publish(settings, score("company:company", 71.44))
    line = "month score 71.4 volume 12,34,567 INR loans 7\n"
    await until(lambda: line in out.getvalue(), "the score's line")
    task.cancel()
    await asyncio.wait([task])
    assert len(out.getvalue().splitlines()) == 2
    assert "\x1b" not in out.getvalue()


async def test_on_a_terminal_it_draws_the_board(embedded_broker: Embedded, prefix: str) -> None:
    settings = Settings(broker=embedded_broker.bootstrap, prefix=prefix, partitions=2)
    await create(settings, required(settings, Names(prefix)))
    await publish(settings, score("company:company", 71.44), score("executive:E-1", 50.0))
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=80, height=40)
    task = asyncio.create_task(watch(settings, console=console))
    await until(lambda: "Executives (1)" in out.getvalue(), "the leaderboard")
    task.cancel()
    await asyncio.wait([task])
    last_words = out.getvalue()[-20:]
    assert "\x1b[?25h" in last_words, "the cursor is shown again"
    assert "\x1b[?1049l" in last_words, "what was on the screen before is back"
