"""What the floor shows: figures and words, at every size, from its own server alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from scoring.alerting.stages import Stage
from tests.browser.alerts import a_drop, tell
from tests.browser.people import (
    ATTAINMENT,
    EXECUTIVES,
    VOLUME,
    Figures,
    a_floor,
    attainment,
    company,
)
from tests.browser.screen import PHONE, TELEVISION, Screen
from tests.feed.scores import gone, publish, record, score

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from streams.settings import Settings

DASH = "\N{EN DASH}"
SIZES = [(1280, 720), TELEVISION, (3840, 2160), PHONE, (844, 390), (820, 1180)]

#: Elements of the page that do not fit into themselves or out of it, and texts under 26 px.
_CROWDED = """() => [...document.querySelectorAll("header, main, .tile, .tile > *, .banner")]
  .filter((box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)
  .filter((box) => box.clientWidth > 0)
  .map((box) => box.className || box.localName)"""
#: Names and headings of which a word or a line is cut off; a letter may reach out of its line.
_CUT = """() => [...document.querySelectorAll(".name, h2, .remark, .legend, dt, dd")]
  .filter((box) => box.clientWidth > 0)
  .filter((box) => box.scrollWidth > box.clientWidth + 1 ||
    box.scrollHeight > box.clientHeight + parseFloat(getComputedStyle(box).fontSize) / 2)
  .map((box) => box.textContent)"""
#: How the colours of text stand out from each ground that they are on, as WCAG has it.
_CONTRASTS = """() => {
  const style = getComputedStyle(document.documentElement);
  const light = (name) => {
    const hex = style.getPropertyValue(name).trim();
    const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
    const [r, g, b] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const least = (name) => Math.min(contrast(name, "--tile"), contrast(name, "--alarm-ground"));
  return ["--text", "--fine", "--poor", "--muted"].map(least);
}"""
_SMALLEST = """() => Math.min(...[...document.querySelectorAll("body *")]
  .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
  .map((node) => parseFloat(getComputedStyle(node).fontSize)))"""
_SCROLLS = """() => {
  const {scrollWidth, scrollHeight, clientWidth, clientHeight} = document.documentElement;
  return [scrollWidth > clientWidth, scrollHeight > clientHeight];
}"""


async def shown(screen: Screen, settings: Settings) -> None:
    """Wait until the whole floor is seen."""
    await publish(settings, *a_floor())
    await screen.open()
    await screen.shows(".closers", "Divya Pillai")
    await screen.shows(".leaders", "Asha Kulkarni")


async def test_the_company_stands_where_its_figures_are(screen: Screen, settings: Settings) -> None:
    await shown(screen, settings)
    await screen.shows(".key", "₹4.82\u00a0Cr")
    await screen.shows(".of", "of ₹6.60\u00a0Cr")
    await screen.shows(".period", "March to date, Tuesday 24")
    await screen.shows(".pace", "Likely to end at ₹5.78 to ₹6.70\u00a0Cr")
    await screen.shows(".pace", "73\u00a0% reached, 77\u00a0% due")
    await screen.shows(".figures", "71.4")
    await screen.shows(".figures", "14 loans")
    await screen.shows(".figures", "₹38.4\u00a0L")
    await screen.shows(".figures", "▼ 5 on yesterday")
    bar = screen.find(".hero .bar")
    # Right of the goal is where the forecast may reach, 101.5 % of it.
    assert await bar.locator(".fill").get_attribute("width") == "719"
    assert await bar.locator(".tick").get_attribute("x1") == "761"
    assert await bar.locator(".goal").get_attribute("x1") == "985"
    forecast = bar.locator(".forecast")
    ends = [await forecast.get_attribute(name) for name in ("x", "width")]
    assert ends == ["862", "138"]
    assert await bar.get_attribute("class") == "bar"


@pytest.mark.parametrize(
    ("volume", "words", "behind"),
    [
        (560, "▲ Likely to end at ₹6.79 to ₹7.71\u00a0Cr", False),
        (510, "Likely to end at ₹6.14 to ₹7.06\u00a0Cr", False),
        (470, "▼ Likely to end at ₹5.62 to ₹6.54\u00a0Cr", True),
    ],
)
async def test_pace_is_told_in_words_besides_its_colour(
    screen: Screen, settings: Settings, volume: float, words: str, *, behind: bool
) -> None:
    await publish(settings, record(company(volume)))
    await screen.open()
    await screen.shows(".pace", words)
    assert await screen.find(".hero .bar.behind").count() == int(behind)


async def test_a_month_that_has_just_begun_has_a_goal_but_no_forecast(
    screen: Screen, settings: Settings
) -> None:
    unknown = dict.fromkeys(("pace", "pace_low", "pace_high"))
    early = {**attainment(Figures(20, 30)), **unknown, "period_target": 66e6}
    kpis = {VOLUME: {"value": 2e6, "n": 9}, ATTAINMENT: early}
    await publish(settings, record(score("company:company", 71.4, kpis=kpis)))
    await publish(settings, record(score("team:Thane", 71.4, kpis=kpis)))
    await screen.open()
    await screen.shows(".of", "of ₹6.60\u00a0Cr")
    await screen.shows(".pace", "Too early for a forecast\n3\u00a0% reached, 4\u00a0% due")
    await screen.shows(".teams li", "3\u00a0%\ntoo early")
    assert await screen.find(".forecast").count() == 0


async def test_each_team_is_held_against_its_own_goal(screen: Screen, settings: Settings) -> None:
    some = {VOLUME: {"value": 3e6, "n": 4, "target": None}}
    nowhere = score("team:unplaced", 50.0, active=False, kpis=some)
    goalless = score("team:Kurla", 50.0, kpis=some)
    await publish(settings, record(nowhere))
    await shown(screen, settings)
    await publish(settings, record(goalless), gone(score("team:Dadar")))
    await screen.shows(".teams li:last-child", "Kurla")
    await screen.shows(".teams h2", "tick: due by tonight")
    rows = [" ".join(text.split()) for text in await screen.texts(".teams li")]
    assert rows[0] == "Andheri 105 % ▲ ahead"
    assert rows[3:5] == ["Powai 75 % in reach", "Borivali 66 % ▼ behind"]
    assert rows[-1] == "Kurla no goal ₹30 L"
    assert not [each for each in rows if "unplaced" in each]


async def test_who_leads_moves_and_closed_but_nobody_is_last(
    screen: Screen, settings: Settings
) -> None:
    await shown(screen, settings)
    leaders = [text.split("\n") for text in await screen.texts(".leaders li")]
    assert [(place, points) for place, _, _, points in leaders] == [
        *(("1", "91.4"), ("2", "88.0"), ("3", "84.7"), ("3", "84.7"), ("4", "79.2")),
    ]
    movers = await screen.texts(".movers li")
    assert movers[0] == "Asha Kulkarni\n▲ ₹11.2\u00a0L"
    long = screen.find(".movers .name[title]")
    assert await long.inner_text() == "Lakshmi V. Iyer"
    assert await long.get_attribute("title") == "Lakshmi Venkataraghavan Iyer"
    closers = await screen.texts(".closers li")
    assert closers[0] == "Divya Pillai\n3 loans\n₹12.3\u00a0L"
    assert closers[-1] == "Neha Joshi\n1 loan\n₹84,500"
    assert "Zubin Last" not in await screen.find("#floor").inner_text()


async def test_leaders_say_which_places_chance_leaves_open(
    screen: Screen, settings: Settings
) -> None:
    await shown(screen, settings)
    places = [row.split("\n")[:2] for row in await screen.texts(".leaders li")]
    upto_4, upto_5, from_3 = (f"{best}{DASH}{worst}" for best, worst in ((1, 4), (1, 5), (3, 5)))
    assert places == [
        *(["1", upto_4], ["2", upto_4], ["3", upto_5], ["3", upto_5], ["4", from_3]),
    ]
    said = "Place 4 of 7; by luck alone anywhere from 3 to 5, four times in five"
    assert await screen.find(".leaders .chances").last.get_attribute("title") == said
    await screen.shows(".leaders .legend", f"{upto_4}: give or take luck")
    name, team, _, _ = EXECUTIVES["E-6"]
    own = {"name": name, "parent": f"team:{team}", "error": 0.1}
    await publish(settings, record(score("executive:E-6", 99.9, 2, **own)))
    await screen.shows(".leaders li:first-child", "Neha Joshi\n99.9")
    first = screen.find(".leaders li").first
    assert await first.locator(".chances").inner_text() == "", "nothing is left to chance"
    assert await first.locator(".chances").get_attribute("title") == (
        "Place 1 of 7; luck alone leaves no other, four times in five"
    )
    await screen.shows(".leaders .legend", f"2{DASH}5: give or take luck")


async def test_nothing_is_not_zero_and_undefined_is_too_little(
    screen: Screen, settings: Settings
) -> None:
    await screen.open()
    await screen.shows("main", "Nothing yet")
    await screen.shows(".standing", "Live, no scores yet")
    assert await screen.find(".tile").count() == 0
    volume = {VOLUME: {"value": 0, "n": 0}, ATTAINMENT: attainment(Figures(0, 510))}
    fresh = [score("company:company", None, kpis=volume), score("team:Thane", None, kpis=volume)]
    await publish(settings, *map(record, fresh))
    await screen.shows(".key", "Nothing yet")
    await screen.shows(".pace", "Too early for a forecast")
    await screen.shows(".teams li", "nothing yet")
    await screen.shows(".leaders", "Too little yet for a score.")
    await screen.shows(".closers", "Nothing yet today.")
    figures = await screen.texts(".figures .figure")
    assert figures == ["too little yet", "nothing yet", "nothing yet", "nothing yet"]


async def test_each_figure_says_what_it_is(screen: Screen, settings: Settings) -> None:
    await shown(screen, settings)
    for selector in (".key", ".teams .figure", ".movers .figure", ".closers .figure"):
        await screen.find(f'{selector}[title^="Sales volume: Net disb"]').first.wait_for()
    assert await screen.find(".figure:not([title])").count() == 0


async def test_it_asks_nobody_else_and_nothing_is_refused(
    screen: Screen, settings: Settings
) -> None:
    await shown(screen, settings)
    assert screen.requested
    assert [url for url in screen.requested if not url.startswith(screen.url)] == []
    assert screen.errors == []
    answer = await screen.page.request.get(screen.url)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("open_alerts", [0, 1, 4], ids=lambda n: f"{n} alerts")
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_it_fits(
    chromium: Browser, address: str, settings: Settings, size: tuple[int, int], open_alerts: int
) -> None:
    branch, *others = [
        "branch:Thiruvananthapuram Kazhakkoottam",
        "channel:telecall",
        "campaign:Diwali top-up for salaried customers 2026",
        "team:Thane",
    ]
    too = a_drop(branch, id=f"{branch}|disbursed|2026-11-24", stage=Stage.DISBURSED)
    drops = [a_drop(branch), *map(a_drop, others)][:open_alerts]
    await tell(settings, *drops, *([too] if drops else []))
    screen = await Screen.before(chromium, address, size)
    await shown(screen, settings)
    await expect(screen.find(".alarm li")).to_have_count(min(open_alerts, 3))
    width, height = size
    is_column = width / height <= 4 / 3 or height <= 500
    assert await screen.page.evaluate(_SCROLLS) == [False, is_column]
    assert await screen.page.evaluate(_CROWDED) == []
    assert await screen.page.evaluate(_CUT) == []
    smallest: float = await screen.page.evaluate(_SMALLEST)
    assert smallest >= (16 if is_column else 26 * height / 1080 - 0.01)


async def test_many_teams_turn_by_the_page_and_can_be_paused(
    screen: Screen, settings: Settings
) -> None:
    kpis = {VOLUME: {"value": 3e6, "n": 4}, ATTAINMENT: attainment(Figures(30, 40))}
    teams = [score(f"team:T-{number:02}", 50.0, kpis=kpis) for number in range(11)]
    await publish(settings, *map(record, teams))
    await screen.open()
    await screen.shows(".teams h2", "of 2")
    await screen.page.keyboard.press("p")
    await screen.shows(".teams h2", "paused")
    rows = {1: 7, 2: 4}
    first = 1 if "1 of 2" in await screen.find(".teams h2").inner_text() else 2
    assert len(await screen.texts(".teams li")) == rows[first]
    assert await screen.page.evaluate(_CROWDED) == []
    await screen.page.keyboard.press("p")
    await screen.shows(".teams h2", f"{3 - first} of 2")
    assert len(await screen.texts(".teams li")) == rows[3 - first]
    assert await screen.page.evaluate(_CROWDED) == []


async def stands_out(screen: Screen) -> bool:
    """Whether figures have a contrast of 7 and what is beside them one of 4.5."""
    contrasts: list[float] = await screen.page.evaluate(_CONTRASTS)
    *figures, beside = contrasts
    return min(figures) >= 7 and beside >= 4.5


async def test_light_and_dark_by_key_and_by_preference(
    chromium: Browser, address: str, screen: Screen
) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    await screen.open()
    dark, light = "rgb(7, 11, 18)", "rgb(243, 245, 249)"
    assert await screen.page.evaluate(ground) == dark, "a television is dark at first"
    assert await stands_out(screen)
    await screen.page.keyboard.press("t")
    assert await screen.page.evaluate(ground) == light
    assert await stands_out(screen)
    await screen.page.reload()
    assert await screen.page.evaluate(ground) == light, "it is remembered"
    muted = "getComputedStyle(document.querySelector('.standing')).color"
    text = "getComputedStyle(document.body).color"
    for scheme, expected in (("light", light), ("dark", dark)):
        phone = await Screen.before(chromium, address, PHONE, color_scheme=scheme, contrast="more")
        await phone.open()
        assert await phone.page.evaluate(ground) == expected
        assert await phone.page.evaluate(muted) == await phone.page.evaluate(text)
        await phone.page.keyboard.press("t")
        assert await phone.page.evaluate(ground) == (dark if expected == light else light)


async def test_the_keyboard_reaches_every_button(screen: Screen) -> None:
    await screen.open()
    reached = []
    for _ in range(3):
        await screen.page.keyboard.press("Tab")
        reached.append(await screen.page.evaluate("document.activeElement.dataset.action"))
        await expect(screen.find(".controls")).to_have_css("opacity", "1")
    assert reached == ["theme", "sound", "pause"]
