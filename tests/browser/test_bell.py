"""The bell rings for a loan, once and in turn, and never for a cancellation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.people import a_floor, executive_day
from tests.feed.scores import publish, record

if TYPE_CHECKING:
    from streams.settings import Settings
    from tests.browser.screen import Screen


async def open_floor(screen: Screen, settings: Settings) -> None:
    """Open a floor and note what rings."""
    await publish(settings, *a_floor())
    await screen.open()
    await screen.shows(".closers", "Divya Pillai")
    await screen.note_rings()


async def test_a_rise_rings_once_and_a_fall_does_not(screen: Screen, settings: Settings) -> None:
    await open_floor(screen, settings)
    await publish(settings, record(executive_day("E-1", 12.1, 3, version=2)))
    await screen.shows(".banner", "Asha Kulkarni disbursed ₹4,50,000")
    await screen.shows(".banner", "Thane")
    await publish(settings, record(executive_day("E-1", 4.5, 1, version=3)))
    await screen.shows(".closers", "Asha Kulkarni\n1 loan\n₹4.5\u00a0L")
    # The same figures again, as when a worker repeats itself.
    await publish(settings, record(executive_day("E-1", 4.5, 1, version=4)))
    # What comes after the fall rings after it: so nothing rang in between.
    await publish(settings, record(executive_day("E-6", 2.345, 2, version=2)))
    await screen.shows(".banner", "Neha Joshi disbursed ₹1,50,000")
    await screen.find(".ringing").wait_for(state="hidden")
    assert await screen.rings() == [
        "Asha Kulkarni disbursed ₹4,50,000\nThane",
        "Neha Joshi disbursed ₹1,50,000\nThiruvananthapuram North",
    ]
    await screen.shows(".closers h2", "last Neha Joshi ₹1.5\u00a0L")


async def test_the_first_loan_after_a_nothing_rings(screen: Screen, settings: Settings) -> None:
    await open_floor(screen, settings)
    await publish(settings, record(executive_day("E-7", 6.0, 1, version=2)))
    await screen.shows(".banner", "Zubin Last disbursed ₹6,00,000")


async def test_several_ring_in_turn_and_many_are_gathered(
    screen: Screen, settings: Settings
) -> None:
    await open_floor(screen, settings)
    await screen.page.evaluate(
        """async () => {
          const {Bell} = await import("/bell.js");
          const store = {ringing: null, now: () => 0, set(fields) { Object.assign(this, fields); }};
          window.waits = [];
          window.setTimeout = (then, milliseconds) => window.waits.push([then, milliseconds]);
          const bell = new Bell(store);
          const day = (entity, n) => ({level: "executive", window: "day", start: "2026-03-24",
            entity, name: null, parent: null,
            kpis: {"sales_targets.sales_volume": {n, value: n * 100000}}});
          window.close = (e) => bell.hear(day(`E-${e}`, 1), day(`E-${e}`, 2));
          for (let e = 0; e < 30; e += 1) window.close(e);
          window.bell = bell;
        }"""
    )
    queue = await screen.page.evaluate("window.bell.queue")
    assert [ring["name"] for ring in queue] == ["E-1", "E-2", "E-3", "The floor"]
    assert (queue[-1]["loans"], queue[-1]["amount"]) == (26, 26e5)
    shown = await screen.page.evaluate(
        """() => {
          const {store} = window.bell;
          const shown = [];
          while (window.waits.length > 0) {
            const [then, milliseconds] = window.waits.shift();
            shown.push([store.ringing?.name ?? null, store.ringing?.loans ?? 0, milliseconds]);
            if (shown.length === 6) [30, 31, 32].forEach(window.close);
            then();
          }
          return shown;
        }"""
    )
    # After many at once the floor is seen for a while; what closes meanwhile is told as one.
    rest = [None, 0, 30_000]
    singly = [[f"E-{n}", 1, 6000] for n in range(4)]
    assert shown == [*singly, ["The floor", 26, 6000], rest, ["The floor", 3, 6000], rest]
    last = await screen.page.evaluate("window.bell.store.lastRing")
    assert (last["name"], last["loans"]) == ("E-32", 1)


async def test_screen_readers_hear_it(screen: Screen, settings: Settings) -> None:
    await open_floor(screen, settings)
    region = screen.find(".banner[role=status][aria-live=polite]")
    assert await region.count() == 1, "it is there before it has something to say"
    before = await region.element_handle()
    assert before is not None
    await publish(settings, record(executive_day("E-1", 12.1, 3, version=2)))
    await screen.shows(".banner", "Asha Kulkarni")
    assert await before.inner_text() == "Asha Kulkarni disbursed ₹4,50,000\nThane"
