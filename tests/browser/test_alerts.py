"""Open alerts on the floor: told, changed, gone, and never those of one person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
from playwright.async_api import expect

from scoring.alerting.alert import Kind, Status
from scoring.alerting.handling import Again, Handling, State
from scoring.alerting.stages import Stage
from tests.browser.alerts import a_drop, forget, tell
from tests.browser.people import a_floor, executive_day
from tests.feed.scores import publish, record

if TYPE_CHECKING:
    from streams.settings import Settings
    from tests.browser.screen import Screen

ROWS = ".alarm li"
CLOSERS = ".closers li:visible"
THANE = a_drop("team:Thane")
#: Waits until something has come to its place.
RISEN = "each => Promise.all(each.getAnimations().map(animation => animation.finished))"


async def open_floor(screen: Screen, settings: Settings) -> None:
    await publish(settings, *a_floor())
    await screen.open()
    await screen.shows(".closers", "Divya Pillai")


async def rows(screen: Screen) -> list[str]:
    return [" ".join(text.split()) for text in await screen.texts(ROWS)]


async def test_one_comes_changes_and_goes(screen: Screen, settings: Settings) -> None:
    await open_floor(screen, settings)
    assert await screen.find(".alarm").count() == 0, "without alerts there is no word of them"
    await expect(screen.find(CLOSERS)).to_have_count(4)
    await tell(settings, THANE)
    await screen.find(ROWS).wait_for()
    assert await rows(screen) == ["new Thane 31 of 47 contacted since 20 Nov"]
    assert await screen.find(ROWS).get_attribute("title") == THANE.explanation
    # It has their room, and is not hidden by the bell.
    await expect(screen.find(CLOSERS)).to_have_count(3)
    await publish(settings, record(executive_day("E-1", 12.1, 3, version=2)))
    await screen.find(".ringing").wait_for()
    await screen.find(".ringing").evaluate(RISEN)
    bell, alarm = [await screen.find(each).bounding_box() for each in (".ringing", ".alarm")]
    assert bell is not None
    assert alarm is not None
    assert bell["y"] + bell["height"] < alarm["y"]
    worse = msgspec.structs.replace(THANE, observed=33, expected=52.6)
    await tell(settings, worse)
    await screen.shows(ROWS, "33 of 53 contacted")
    resolved = msgspec.structs.replace(worse, status=Status.RESOLVED, resolved="2026-11-25")
    await tell(settings, resolved)
    await screen.find(".alarm").wait_for(state="detached")
    await expect(screen.find(CLOSERS)).to_have_count(4)
    assert screen.errors == []


async def test_a_change_of_one_leaves_the_others_as_they_are(
    screen: Screen, settings: Settings
) -> None:
    andheri, dadar = a_drop("team:Andheri"), a_drop("team:Dadar")
    await tell(settings, THANE, andheri)
    await open_floor(screen, settings)
    await expect(screen.find(ROWS)).to_have_count(2)
    await tell(settings, msgspec.structs.replace(andheri, observed=32), dadar)
    await expect(screen.find(ROWS)).to_have_count(3)
    await forget(settings, THANE)
    await expect(screen.find(ROWS)).to_have_count(2)
    assert await rows(screen) == [
        "Andheri 32 of 47 contacted since 20 Nov",
        "new Dadar 31 of 47 contacted since 20 Nov",
    ]
    await forget(settings, andheri, dadar)
    await screen.find(".alarm").wait_for(state="detached")
    assert screen.errors == []


async def test_the_highest_level_is_first_and_the_rest_are_counted(
    screen: Screen, settings: Settings
) -> None:
    few = {"indicator": Stage.DISBURSED, "observed": 2, "expected": 9.44, "raised": "2026-11-25"}
    await tell(
        settings,
        THANE,
        a_drop("team:Andheri", **few),
        a_drop("channel:web", id="channel:web|applied|2026-11-25", indicator=Stage.APPLIED),
        a_drop("channel:web"),
        a_drop("branch:Mumbai"),
        a_drop("company:company", observed=1_20_000, expected=1_50_000.4),
        a_drop("branch:Pune", status=Status.RESOLVED, resolved="2026-11-24"),
    )
    await open_floor(screen, settings)
    await expect(screen.find(ROWS)).to_have_count(3)
    assert await rows(screen) == [
        "Company 1,20,000 of 1,50,000 contacted since 20 Nov",
        "Channel web 31 of 47 contacted, also applied since 20 Nov",
        "Branch Mumbai 31 of 47 contacted since 20 Nov",
    ], "what fired before the page was opened is not new"
    await screen.shows(".alarm h2", "and 2 more")


async def test_a_kpi_is_told_by_its_title_and_its_value(screen: Screen, settings: Settings) -> None:
    nps = {"indicator": "crm.nps", "title": "NPS", "value": -3.52, "usual": 41.2}
    slow = {"title": "Turnaround", "unit": " min", "value": 139.8, "usual": 77.99}
    volume = {"title": "Lead volume", "observed": 429, "expected": 759.5}
    await tell(
        settings,
        a_drop("team:Thane", id="team:Thane|crm.nps|2026-11-24", **nps),
        THANE,
        a_drop("branch:Pune", indicator="time_management.turnaround_reduction", **slow),
        a_drop("company:company", indicator="campaigns.lead_growth", **volume),
    )
    await open_floor(screen, settings)
    await expect(screen.find(ROWS)).to_have_count(3)
    assert await rows(screen) == [
        "Company Lead volume 429 of 760 since 20 Nov",
        "Branch Pune Turnaround 140 min, usually 78 min since 20 Nov",
        "Thane 31 of 47 contacted, also NPS since 20 Nov",
    ], "steps of leads come first"
    await tell(settings, msgspec.structs.replace(THANE, status=Status.RESOLVED))
    await expect(screen.find(ROWS).last).to_contain_text("NPS -3.5, usually 41")
    await screen.shows(".alarm h2", "Worse than expected")
    assert screen.errors == []


async def test_a_kpi_of_where_leads_come_from_is_told_there(
    screen: Screen, settings: Settings
) -> None:
    fewer = {"title": "Lead volume", "observed": 429, "expected": 759.5}
    dear = {"title": "Cost per lead", "value": 352.5, "usual": 250.2}
    await tell(
        settings,
        a_drop("campaign:CMP-9", indicator="campaigns.cost_per_lead", **dear),
        a_drop("channel:web", indicator="campaigns.lead_growth", **fewer),
    )
    await open_floor(screen, settings)
    await expect(screen.find(ROWS)).to_have_count(2)
    assert await rows(screen) == [
        "Channel web Lead volume 429 of 760 since 20 Nov",
        "Campaign CMP-9 Cost per lead 353, usually 250 since 20 Nov",
    ]
    await screen.shows(".alarm h2", "Worse than expected")
    assert screen.errors == []


async def test_one_of_an_executive_is_not_for_the_floor(screen: Screen, settings: Settings) -> None:
    await tell(settings, a_drop("executive:E-1", explanation="Asha is slow"))
    await open_floor(screen, settings)
    await tell(settings, a_drop("executive:E-2"))
    # It comes after both: so they were told, and not shown.
    await tell(settings, THANE)
    await screen.find(ROWS).wait_for()
    assert await rows(screen) == ["new Thane 31 of 47 contacted since 20 Nov"]
    assert "Asha is slow" not in await screen.page.content()


async def test_texts_are_texts(screen: Screen, settings: Settings) -> None:
    markup = "<img src=x onerror=alert(1)>"
    await open_floor(screen, settings)
    await tell(settings, a_drop(f"team:{markup}", explanation=f'"{markup}'))
    await screen.shows(ROWS, markup)
    assert await screen.find(ROWS).get_attribute("title") == f'"{markup}'
    assert await screen.find("img").count() == 0
    assert screen.errors == []


async def test_a_new_one_moves_once_and_never_blinks(screen: Screen, settings: Settings) -> None:
    await open_floor(screen, settings)
    await screen.page.evaluate(
        """() => {
          window.moves = [];
          const note = ({animationName, target}) =>
            window.moves.push([animationName, target.localName]);
          document.addEventListener("animationstart", note);
        }"""
    )
    await tell(settings, THANE)
    await screen.find(f"{ROWS}.new").wait_for()
    await tell(settings, msgspec.structs.replace(THANE, observed=32))
    await screen.shows(ROWS, "32 of 47")
    assert await screen.page.evaluate("window.moves") == [["arrive", "section"], ["arrive", "li"]]
    timing = """(row) => row.getAnimations().concat(row.closest(".alarm").getAnimations())
      .every((one) => one.effect.getComputedTiming().iterations === 1)"""
    assert await screen.find(ROWS).evaluate(timing)


async def test_screen_readers_hear_what_is_added(screen: Screen, settings: Settings) -> None:
    await open_floor(screen, settings)
    region = await screen.find(".alerts[role=log][aria-relevant=additions]").element_handle()
    assert region is not None, "it is there before it has something to say"
    await tell(settings, THANE)
    await screen.find(ROWS).wait_for()
    assert "Thane" in await region.inner_text()


async def test_what_somebody_has_seen_is_told_in_a_low_voice(
    screen: Screen, settings: Settings
) -> None:
    await open_floor(screen, settings)
    await tell(settings, THANE)
    await screen.find(f"{ROWS}.new").wait_for()
    loud = await color(screen, f"{ROWS} .figure")
    at = datetime.now(tz=UTC) - timedelta(days=9)
    seen = Handling(
        state=State.ACKNOWLEDGED,
        by="Asha Rao",
        at=at,
        until=None,
        reason="the form is being mended",
        observed=31,
        expected=47.2,
        days=5,
    )
    quiet = msgspec.structs.replace(THANE, handling=seen)
    await tell(settings, quiet)
    await screen.find(f"{ROWS}.quiet").wait_for()
    day = at.astimezone(ZoneInfo(settings.timezone))
    assert await rows(screen) == [
        f"Thane 31 of 47 contacted seen {day.day} {day:%b} (Asha Rao)".replace("Sep", "Sept")
    ]
    assert await color(screen, f"{ROWS} .figure") != loud
    assert await screen.find(".alarm.calm").count() == 1

    await tell(settings, a_drop("team:Andheri"))
    await expect(screen.find(ROWS)).to_have_count(2)
    assert (await rows(screen))[0].startswith("new Andheri"), "what nobody has seen comes first"
    assert await screen.find(".alarm.calm").count() == 0

    again = msgspec.structs.replace(seen, state=State.OPEN, again=Again.WORSE)
    await tell(settings, msgspec.structs.replace(THANE, handling=again))
    await expect(screen.find(f"{ROWS}.new")).to_have_count(2)
    assert "again Thane 31 of 47 contacted since 20 Nov" in await rows(screen)
    assert screen.errors == []


async def test_a_snoozed_one_says_until_when(screen: Screen, settings: Settings) -> None:
    await open_floor(screen, settings)
    now = datetime.now(tz=UTC)
    until = now + timedelta(days=30)
    snoozed = Handling(
        state=State.SNOOZED,
        by="Ravi",
        at=now,
        until=until,
        reason="",
        observed=31,
        expected=47.2,
        days=5,
    )
    await tell(settings, msgspec.structs.replace(THANE, handling=snoozed))
    day = until.astimezone(ZoneInfo(settings.timezone))
    await screen.shows(f"{ROWS}.quiet", f"until {day.day} {day:%b} (Ravi)".replace("Sep", "Sept"))


async def color(screen: Screen, selector: str) -> str:
    found: str = await screen.find(selector).evaluate("(each) => getComputedStyle(each).color")
    return found


async def test_a_silent_source_stands_first_and_says_since_when(
    screen: Screen, settings: Settings
) -> None:
    await open_floor(screen, settings)
    moment = datetime.now(tz=ZoneInfo(settings.timezone)).replace(minute=30)
    silent = msgspec.structs.replace(
        a_drop("company:company"),
        id=f"source:leads|absent|{moment.isoformat()}",
        entity="source:leads",
        indicator=None,
        kind=Kind.ABSENT,
        source="leads",
        silent_since=moment.isoformat(),
        observed=0,
    )
    await tell(settings, silent)
    await screen.find(ROWS).wait_for()
    assert await rows(screen) == [f"new Source leads no events since {moment:%H:%M}"]
    await screen.shows(".alarm h2", "Events do not come")
    await tell(settings, a_drop("branch:Mumbai"))
    await expect(screen.find(ROWS)).to_have_count(2)
    assert (await rows(screen))[0].startswith("new Source leads")
    await screen.shows(".alarm h2", "Fewer leads, and no events")
    assert screen.errors == []
