"""An article: one executive and what he read, as one subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.cells import Contributions
from scoring.events.activity import ArticleRead
from scoring.meaning import Meaning

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


def meaning(subject: str, history: History, rules: Rules) -> Meaning:
    """Every reading counts in its window, so that a window has the pair once or not at all."""
    found = Meaning(Contributions(rules.calendar))
    pair = subject.partition(":")[2]
    for read in history.all(ArticleRead):
        found.contributions.add(
            f"executive:{read.data.executive_id}", read.time, slots.member(slots.READINGS, pair)
        )
    return found
