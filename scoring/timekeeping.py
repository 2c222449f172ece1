"""Formulas of time management: what was done in time, and what the time went into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.formulas import major, ratio
from scoring.kpi import Part, Reading

if TYPE_CHECKING:
    from scoring.kpi import Scene


def schedule_adherence(scene: Scene) -> Reading:
    """Tasks done in time per task due, and by cadence."""
    due = scene.now.by_key(slots.TASKS_BY_CADENCE)
    in_time = scene.now.by_key(slots.TASKS_IN_TIME_BY_CADENCE)
    breakdown: dict[str, Part] = {
        cadence: {
            "tasks": n,
            "in_time": in_time.get(cadence, 0),
            "rate": ratio(in_time.get(cadence, 0), n),
        }
        for cadence, n in sorted(due.items())
    }
    done, n = sum(in_time.values()), sum(due.values())
    return Reading(ratio(done, n), done, n, n, breakdown)


def revenue_time(scene: Scene) -> Reading:
    """Minutes on what brings revenue per minute logged; `n` is the number of entries."""
    spent, logged = scene.now.total(slots.TIME_ON_REVENUE), scene.now.total(slots.TIME_LOGGED)
    n = scene.now.total(slots.TIME_ENTRIES)
    return Reading(ratio(spent, logged), major(spent), major(logged), n)
