"""Measures the alarm on simulated floors: python -m bench.alerts [--quick] [--json].

The product's own detector, baselines and alerts are driven; seeds are fixed. Every rule beside
it is held to one false alarm per 1,000 entity-days in health, where it can be.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console
from rich.table import Table

from bench.alarm import causes
from bench.alarm.everything import DROPS, ENTITIES, Outcome, outcome
from bench.alarm.grid import Cell, Health, Setting, cell, health, looks
from bench.alarm.kpis import FIGURES, Found, found
from bench.alarm.lives import Life, harmless, life
from bench.alarm.published import checks
from bench.alarm.traces import BUDGET, LOOKS, RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOTES = Console(stderr=True)
_OUT = Console(width=110)
_SEED = 20_260


class Looking(NamedTuple):
    """A floor that is looked at so often a day."""

    setting: Setting
    often: int = LOOKS


@dataclass(frozen=True)
class Plan:
    """How much is simulated."""

    settings: tuple[Setting, ...]
    kinds: tuple[str, ...]
    drops: tuple[float, ...]
    runs: int
    days: int
    looking: tuple[Looking, ...]
    floors: int
    siblings: int
    days_at_once: int
    lives: int
    causes: int
    cases: tuple[int, ...]
    kpi_runs: int


_EARLY = (Setting(20, 0.4, "qualified"), Setting(20, 0.6, "contacted"))
_QUICK = Plan(
    settings=(Setting(20, 0.08), Setting(160, 0.08), Setting(300, 0.08), *_EARLY),
    kinds=("closing",),
    drops=(0.3, 0.5),
    runs=120,
    days=700,
    looking=(Looking(Setting(20, 0.4, "qualified")),),
    floors=4,
    siblings=50,
    days_at_once=180,
    lives=60,
    causes=4,
    cases=(20,),
    kpi_runs=40,
)
_FULL = Plan(
    settings=(
        *(Setting(n, base) for n in (10, 20, 40, 160, 300, 500) for base in (0.03, 0.08, 0.15)),
        *_EARLY,
        Setting(160, 0.4, "qualified"),
        Setting(160, 0.6, "contacted"),
    ),
    kinds=("closing", "leads"),
    drops=(0.2, 0.3, 0.5),
    runs=250,
    days=1500,
    looking=(
        *(Looking(each) for each in (Setting(20, 0.08), Setting(160, 0.08), Setting(500, 0.08))),
        Looking(Setting(500, 0.08), 5 * LOOKS),
        *(Looking(each) for each in _EARLY),
    ),
    floors=4,
    siblings=250,
    days_at_once=360,
    lives=300,
    causes=30,
    cases=(5, 20, 100),
    kpi_runs=100,
)


def main() -> None:
    """Run the experiments and print their tables; with `--json` one object at last."""
    parser = argparse.ArgumentParser(prog="python -m bench.alerts", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a part of it, some seven minutes")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    options = parser.parse_args()
    plan = _QUICK if options.quick else _FULL
    healths, cells = [], []
    for known, drops in _grid(plan):
        healths.append(known)
        cells += drops
    _OUT.print(_health_table(healths), _grid_table(cells))
    looked = {looking: _looked(looking, plan) for looking in plan.looking}
    outcomes = [
        outcome(entity, uneven, plan.floors, plan.siblings, plan.days_at_once, _SEED)
        for entity in ENTITIES
        for uneven in (0.1, 0.2, 0.35)
    ]
    _OUT.print(_looks_table(looked), _everything_table(outcomes))
    lives = [life(n, drop, plan.lives, _SEED) for n in (160, 500) for drop in (0.3, 0.4, 0.5)]
    wrong = harmless(500, plan.lives, _SEED)
    _OUT.print(_life_table(lives), _harmless_table(wrong))
    told = [causes.told_of(cause, plan.causes, _SEED) for cause in causes.CAUSES]
    _OUT.print(_causes_table(told))
    kpis = [found(f, n, plan.kpi_runs, 1000, _SEED) for f in FIGURES for n in plan.cases]
    _OUT.print(_kpi_table(kpis))
    published = checks(20 * plan.runs, _SEED)
    for check in published:
        _OUT.print(
            f"{check.chart}: {check.mean:.1f} +- {check.error:.1f}, published {check.published}"
        )
    if options.json:
        figures = _figures(healths, cells, outcomes, lives, wrong, looked)
        kpi_figures = [_of_kpi(each) for each in kpis]
        print(json.dumps({**figures, "causes": [f._asdict() for f in told], "kpis": kpi_figures}))


def _grid(plan: Plan) -> Iterator[tuple[Health, list[Cell]]]:
    for setting in plan.settings:
        _NOTES.print(f"{setting.leads} leads a day, {setting.base:.0%} {setting.stage}")
        known = health(setting, plan.runs, plan.days, _SEED)
        yield (
            known,
            [
                cell(known, kind, drop, plan.runs, _SEED + 1)
                for kind in plan.kinds
                for drop in plan.drops
            ],
        )


def _looked(looking: Looking, plan: Plan) -> float:
    setting, often = looking
    return 1000 / looks(setting, plan.runs, plan.days // 3, _SEED, often).per_1000


def _name(setting: Setting) -> str:
    return f"{setting.leads}, {setting.base:.0%} {setting.stage}"


def _health_table(healths: list[Health]) -> Table:
    table = Table(title=f"In health, one look a day; promised: at least {BUDGET:,.0f} days")
    for column in ("leads a day, base", "days to a false alarm", "false alarms seen"):
        table.add_column(column, justify="right")
    for known in healths:
        days = 1000 / known.calls.per_1000 if known.calls.alarms else float("inf")
        table.add_row(_name(known.setting), f"{days:,.0f}", str(known.calls.alarms))
    return table


def _grid_table(cells: list[Cell]) -> Table:
    table = Table(title="Days from a drop to the alarm, mean (90 % within), nine looks a day")
    for column in ("leads a day, base", "what", "drop", *RULES):
        table.add_column(column, justify="right")
    for each in cells:
        days = [f"{d.mean:.1f} ({d.p90:.1f})" for d in each.delays.values()]
        table.add_row(_name(each.setting), each.kind, f"{each.drop:.0%}", *days)
    return table


def _looks_table(looked: dict[Looking, float]) -> Table:
    table = Table(title=f"In health, several looks a day; promised: at least {BUDGET:,.0f} days")
    for column in ("leads a day, base", "looks a day", "days to a false alarm"):
        table.add_column(column, justify="right")
    for looking, days in looked.items():
        table.add_row(_name(looking.setting), str(looking.often), f"{days:,.0f}")
    return table


def _everything_table(outcomes: list[Outcome]) -> Table:
    table = Table(title="Everything at once, baselines learned from 60 days")
    drops = [f"-{drop:.0%}" for drop in DROPS]
    columns = [
        "entity",
        "day effects",
        "false alarms per 1,000 days",
        *(f"{d}: days" for d in drops),
    ]
    columns += [f"7-day rule, {d}" for d in drops] + [f"no rule below, {d}" for d in drops]
    for column in columns:
        table.add_column(column, justify="right")
    for each in outcomes:
        table.add_row(
            each.entity.name,
            f"{each.uneven:.0%}",
            f"{each.per_1000:.2f}",
            *(
                f"{d[drop].mean:.1f}"
                for d in (each.delays, each.rolling7, each.best)
                for drop in DROPS
            ),
        )
    return table


def _life_table(lives: list[Life]) -> Table:
    table = Table(title="Incidents of 60 days")
    for column in (
        "leads a day",
        "drop",
        "told",
        "alerts",
        "dated within a day",
        "days to resolve",
    ):
        table.add_column(column, justify="right")
    for each in lives:
        table.add_row(
            str(each.leads),
            f"{each.drop:.0%}",
            f"{each.found:.0%}",
            f"{each.onsets:.2f}",
            f"{each.dated:.0%}",
            f"{each.resolving:.1f}",
        )
    return table


def _harmless_table(wrong: dict[str, float]) -> Table:
    table = Table(title="500 leads a day: share of runs with an alert in the 30 days after")
    table.add_column("what happened")
    table.add_column("share", justify="right")
    for name, share in wrong.items():
        table.add_row(name, f"{share:.1%}")
    return table


def _causes_table(told: list[causes.Found]) -> Table:
    table = Table(title="Whole floors, what is normal learned: alerts in the 30 days after")
    columns = ("what happens", "alerts a floor", "told where it is", "told first", "dated in a day")
    for column in (*columns, "days until told"):
        table.add_column(column, justify="right")
    for each in told:
        shares = ["-" if s is None else f"{s:.0%}" for s in (each.told, each.first, each.dated)]
        days = "-" if each.days is None else f"{each.days:.1f}"
        table.add_row(each.cause, f"{each.alerts:.2f}", *shares, days)
    return table


def _kpi_table(kpis: list[Found]) -> Table:
    table = Table(title="KPIs, one look a day, 10 % day effects; promised: at most 1.00")
    for column in (
        "what",
        "cases a day",
        "false alarms per 1,000 days",
        "the same, learned",
        "days to a change, mean",
    ):
        table.add_column(column, justify="right")
    for each in kpis:
        delays = [f"{change:g}: {days:.1f}" for change, days in each.delays.items()]
        table.add_row(
            each.figure.name,
            str(each.cases),
            f"{each.calls.per_1000:.2f}",
            f"{each.learned.per_1000:.2f}",
            ", ".join(delays),
        )
    return table


def _of_kpi(each: Found) -> dict[str, object]:
    return {
        "figure": each.figure.name,
        "n": each.cases,
        "fa": round(each.calls.per_1000, 3),
        "fa_learned": round(each.learned.per_1000, 3),
        **{f"days_{change}": round(days, 2) for change, days in each.delays.items()},
    }


def _figures(
    healths: list[Health],
    cells: list[Cell],
    outcomes: list[Outcome],
    lives: list[Life],
    wrong: dict[str, float],
    looked: dict[Looking, float],
) -> dict[str, object]:
    """All figures; `measured_fa` is of all floors in health together, in alarms per 1,000 days."""
    alarms = sum(known.calls.alarms for known in healths)
    days = sum(known.calls.days for known in healths)
    return {
        "stated_fa": 1000 / BUDGET,
        "measured_fa": round(1000 * alarms / days, 3),
        "measured_fa_worst": round(max(known.calls.per_1000 for known in healths), 3),
        "cells": [
            {
                "n": each.setting.leads,
                "base": each.setting.base,
                "stage": each.setting.stage,
                "kind": each.kind,
                "drop": each.drop,
                **{name: round(d.mean, 2) for name, d in each.delays.items()},
                "ours_p90": round(each.delays["ours"].p90, 2),
            }
            for each in cells
        ],
        "looks": [
            {
                "n": floor.leads,
                "base": floor.base,
                "stage": floor.stage,
                "looks": often,
                "days_to_false_alarm": round(days),
            }
            for (floor, often), days in looked.items()
        ],
        "everything": [
            {
                "entity": each.entity.name,
                "day_effects": each.uneven,
                "fa": round(each.per_1000, 3),
                **{f"days_{drop}": round(d.mean, 2) for drop, d in each.delays.items()},
                **{f"rolling7_{drop}": round(d.mean, 2) for drop, d in each.rolling7.items()},
                **{f"best_{drop}": round(d.mean, 2) for drop, d in each.best.items()},
            }
            for each in outcomes
        ],
        "lives": [each._asdict() for each in lives],
        "harmless": wrong,
    }


if __name__ == "__main__":
    main()
