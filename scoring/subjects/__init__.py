"""Subjects: one module each says what the history of a lead, a loan, ... means.

Add one by writing a function `History, Rules -> Meaning` beside its neighbours and naming
it in `MEANINGS`. It must depend on nothing but its arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from scoring.cells import Contributions
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


def meaning_of(subject: str, rules: Rules) -> Callable[[History], Meaning]:
    """The meaning of one subject's history.

    A kind that no KPI needs yet keeps its history and means nothing.

    Args:
        subject: Subject key, `kind:id`.
        rules: Settings that decide what facts are.
    """
    kind = subject.partition(":")[0]
    known = MEANINGS.get(kind)
    if known is None:
        return lambda _history: Meaning(Contributions(rules.calendar))
    return lambda history: known(subject, history, rules)
