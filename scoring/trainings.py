"""Formulas over trainings: hours by area, and what became of enrolments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scoring import slots
from scoring.formulas import major, share
from scoring.kpi import Reading

if TYPE_CHECKING:
    from scoring.kpi import Formula, Scene

_participation = share(slots.ENROLMENTS_COMPLETED, slots.ENROLMENTS)


def training_hours(*areas: str) -> Formula:
    """Hours of trainings completed in some areas; `n` is the number of completions."""

    def formula(scene: Scene) -> Reading:
        hours = scene.now.by_key(slots.TRAINING_HOURS)
        completed = scene.now.by_key(slots.TRAININGS)
        total = sum(hours.get(area, 0) for area in areas)
        return Reading(major(total), n=sum(completed.get(area, 0) for area in areas))

    return formula


def participation(scene: Scene) -> Reading:
    """Enrolments that ended in the window, completed at any time; with certifications earned."""
    return msgspec.structs.replace(
        _participation(scene),
        companions={"certifications": scene.now.total(slots.CERTIFICATIONS)},
    )
