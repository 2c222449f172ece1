"""Subjects: one module each says what the history of a lead, a loan, ... means.

Add one by writing a function `History, Rules -> Meaning` beside its neighbours and naming
it in `MEANINGS`. It must depend on nothing but its arguments. Name its kind in `LIFETIMES`
too if its subjects must be remembered for longer than the retention after their last event.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, TypeAlias

from scoring.cells import Contributions
from scoring.events.activity import TechniqueApplied, TechniqueLearned
from scoring.events.sales import (
    LoanClosed,
    ProductCancelled,
    ProductClosed,
    ProductSold,
    SaleCancelled,
    SaleDisbursed,
)
from scoring.lives import ORDINARY, Lifetime, meaning_of_lives
from scoring.meaning import Meaning
from scoring.subjects import (
    article,
    assessment,
    audit,
    campaign,
    customer,
    demographics,
    enrolment,
    entry,
    executive,
    holding,
    initiative,
    inquiry,
    insight,
    lead,
    loan,
    market,
    report,
    response,
    spend,
    target,
    task,
    team_event,
    technique,
    violation,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.meaning import History, Rules

    MeaningOf: TypeAlias = Callable[[str, History, Rules], Meaning]

#: Kind of subject -> what its history means; the first argument is the subject's key.
MEANINGS: dict[str, MeaningOf] = {
    "article": article.meaning,
    "assessment": assessment.meaning,
    "audit": audit.meaning,
    "campaign": campaign.meaning,
    "customer": customer.meaning,
    "demographics": demographics.meaning,
    "entry": entry.meaning,
    "executive": executive.meaning,
    "holding": holding.meaning,
    "initiative": initiative.meaning,
    "inquiry": inquiry.meaning,
    "insight": insight.meaning,
    "lead": lead.meaning,
    "loan": loan.meaning,
    "market": market.meaning,
    "report": report.meaning,
    "response": response.meaning,
    "spend": spend.meaning,
    "target": target.meaning,
    "task": task.meaning,
    "team_event": team_event.meaning,
    "technique": technique.meaning,
    "training": enrolment.meaning,
    "violation": violation.meaning,
}

#: Kind of subject -> how long it lives, where that is not the ordinary; None is for ever:
#: what the reference and placements say holds until it is said anew, and whether a loan is a
#: customer's first depends on all of them.
LIFETIMES: dict[str, Lifetime | None] = {
    "campaign": None,
    "customer": None,
    "demographics": None,
    "executive": None,
    "holding": Lifetime((ProductSold,), (ProductClosed, ProductCancelled)),
    "insight": None,
    "loan": Lifetime((SaleDisbursed,), (LoanClosed, SaleCancelled)),
    "market": None,
    "target": None,
    "technique": Lifetime((TechniqueLearned,), (TechniqueApplied,)),
}


def lifetime_of(subject: str) -> Lifetime | None:
    """How long a subject lives; None for ever."""
    return LIFETIMES.get(subject.partition(":")[0], ORDINARY)


def meaning_of(subject: str, rules: Rules) -> Callable[[History], Meaning]:
    """The meaning of one subject's history.

    A kind that no KPI needs yet keeps its history and means nothing.

    Args:
        subject: Subject key, `kind:id`.
        rules: Settings that decide what facts are.
    """
    kind = subject.partition(":")[0]
    return partial(_meaning_of_kind(kind, rules), subject)


@lru_cache
def _meaning_of_kind(kind: str, rules: Rules) -> Callable[[str, History], Meaning]:
    known = MEANINGS.get(kind)
    if known is None:
        return lambda _subject, _history: Meaning(Contributions(rules.calendar))
    lifetime = LIFETIMES.get(kind, ORDINARY)
    if lifetime is None:
        return lambda subject, history: known(subject, history, rules)
    return lambda subject, history: meaning_of_lives(
        history, lifetime, rules.silence, lambda life: known(subject, life, rules), rules.calendar
    )
