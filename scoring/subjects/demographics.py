"""Target demographics: whom the company aims at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.cells import Contributions
from scoring.demographics import ATTRIBUTES
from scoring.events.fields import hundredths
from scoring.events.reference import AttributeWeights, DemographicsTargeted
from scoring.meaning import Meaning
from scoring.notes import Demographics

if TYPE_CHECKING:
    from scoring.meaning import History, Rules

_EQUAL = AttributeWeights()


def meaning(subject: str, history: History, rules: Rules) -> Meaning:
    """The latest set; leads that were created before it are judged by it too."""
    found = Meaning(Contributions(rules.calendar))
    latest = history.last(DemographicsTargeted)
    if latest is not None:
        aims, weights = latest.data.attributes, latest.data.weights or _EQUAL
        found.reference[subject] = Demographics(
            tuple(getattr(aims, name) for name in ATTRIBUTES),
            tuple(hundredths(getattr(weights, name)) for name in ATTRIBUTES),
        )
    return found
