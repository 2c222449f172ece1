"""A floor as its scores: a month that is fixed, and a day that is today.

March 2026 up to Tuesday the 24th has 17 of its 22 business days. Targets and forecasts are as a
worker publishes them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.feed.scores import record, score

if TYPE_CHECKING:
    from scoring.score import Score
    from tests.feed.scores import Record

VOLUME = "sales_targets.sales_volume"
ATTAINMENT = "reporting.target_attainment"
QUALIFIED = "lead_generation.qualified_leads"
LAKH = 1e5
#: Half the width of a forecast, as a share of the goal.
MARGIN = 0.07

# Hours east of UTC at which it is now about noon: no test meets midnight.
_EAST = 12 - datetime.now(tz=UTC).hour
ZONE = f"Etc/GMT{-_EAST:+d}"
_MIDNIGHT = datetime.now(tz=timezone(timedelta(hours=_EAST))).replace(
    hour=0, minute=0, second=0, microsecond=0
)


class Figures(NamedTuple):
    """An entity's sales: volume and the target of the days so far in lakh."""

    volume: float
    target: float | None = None
    change: float = 0.0
    loans: int = 9


TEAMS = {
    "Andheri": Figures(82, 60),
    "Bandra": Figures(78, 68),
    "Thane": Figures(75, 73),
    "Powai": Figures(70, 72),
    "Borivali": Figures(66, 77),
    "Vashi": Figures(61, 77),
    "Dadar": Figures(50, 83),
}
#: Name, team, overall, figures of the month.
EXECUTIVES = {
    "E-1": ("Asha Kulkarni", "Thane", 91.4, Figures(41, 34, 11.2)),
    "E-2": ("Imran Sheikh", "Andheri", 88.0, Figures(38, 34, 8.4)),
    "E-3": ("Divya Pillai", "Bandra", 84.7, Figures(36, 34, 7.9)),
    "E-4": ("Rohit Mehta", "Andheri", 84.7, Figures(31, 34, -6.0)),
    "E-5": ("Lakshmi Venkataraghavan Iyer", "Powai", 79.2, Figures(30, 34, 4.15)),
    "E-6": ("Neha Joshi", "Vashi", 71.0, Figures(22, 34, 0.845)),
    "E-7": ("Zubin Last", "Dadar", 20.1, Figures(4, 34, -21.0)),
    "E-8": ("Too Early", "Dadar", None, Figures(0, 34, 0.0, 0)),
}


def company(volume: float, version: int = 1, **fields: Any) -> Score:
    """The company's month; volume in lakh, the goal of March is 6.60 crore."""
    figures = Figures(volume, 510, loans=130)
    return score("company:company", 71.4, version, kpis=_kpis(figures), **fields)


def day(entity: str, volume: float, loans: int, version: int = 1, **fields: Any) -> Score:
    """An entity's today; volume in lakh."""
    noon = _MIDNIGHT + timedelta(hours=12)
    window = {
        "window": "day",
        "as_of": noon.isoformat(),
        "start": _MIDNIGHT.isoformat(),
        "end": (noon + timedelta(hours=1)).isoformat(),
    }
    kpis = _kpis(Figures(volume, 30, 3.1, loans))
    return score(entity, 50.0, version, kpis=kpis, **window, **fields)


def executive_day(entity: str, volume: float, loans: int, version: int = 1) -> Score:
    """An executive's today; volume in lakh."""
    name, team, _, _ = EXECUTIVES[entity]
    own = {"name": name, "parent": f"team:{team}"}
    return day(f"executive:{entity}", volume, loans, version, **own)


def a_floor() -> list[Record]:
    """Everything about a floor in the afternoon."""
    scores = [company(482), day("company:company", 38.4, 14)]
    for team, figures in TEAMS.items():
        scores.append(score(f"team:{team}", 60.0, kpis=_kpis(figures)))
    for entity, (name, team, overall, figures) in EXECUTIVES.items():
        own: dict[str, Any] = {"name": name, "parent": f"team:{team}"}
        scores.append(score(f"executive:{entity}", overall, kpis=_kpis(figures), **own))
    today = {"E-1": (7.6, 2), "E-2": (4.5, 1), "E-3": (12.3, 3), "E-6": (0.845, 1), "E-7": (0, 0)}
    scores += [executive_day(entity, *sold) for entity, sold in today.items()]
    return [record(each) for each in scores]


def _kpis(figures: Figures) -> dict[str, dict[str, float | None]]:
    target = None if figures.target is None else figures.target * LAKH
    volume = {
        "value": figures.volume * LAKH,
        "n": figures.loans,
        "target": target,
        "change": figures.change * LAKH,
    }
    qualified: dict[str, float | None] = {"value": 37.0, "n": 37, "change": -5.0}
    return {VOLUME: volume, QUALIFIED: qualified, ATTAINMENT: attainment(figures)}


def attainment(figures: Figures) -> dict[str, float | None]:
    """The attainment of figures that go on as in the days so far."""
    if figures.target is None:
        return dict.fromkeys(("value", "denominator", "pace", "pace_low", "pace_high"))
    pace = figures.volume / figures.target
    return {
        "value": pace,
        "denominator": figures.target * LAKH,
        "period_target": figures.target * LAKH * 22 / 17,
        "pace": pace,
        "pace_low": pace - MARGIN,
        "pace_high": pace + MARGIN,
    }
