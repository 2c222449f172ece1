"""A market: how large it is in a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.cells import Contributions
from scoring.events.fields import hundredths
from scoring.events.reference import MarketSized
from scoring.meaning import Meaning
from scoring.notes import Market

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


def meaning(subject: str, history: History, rules: Rules) -> Meaning:
    """The latest size of this market in this period."""
    found = Meaning(Contributions(rules.calendar))
    latest = history.last(MarketSized)
    if latest is not None:
        sized = latest.data
        found.reference[subject] = Market(sized.branch_id, sized.period, hundredths(sized.amount))
    return found
