"""An alert: what dropped, where, since when and by how much, for people and for programs."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from scoring.alerting.handling import Handling
from scoring.alerting.scopes import Scope, scope_of
from scoring.cells import Entity

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.alerting.course import Incident
    from scoring.alerting.stages import Stage

#: Normal quantile of the 95 % interval of a ratio.
Z = 1.96
#: Days beyond which evidence says no more to people.
LONG = 1e6
#: Share of the evidence from which one half of the detector names the kind.
_CLEAR = 0.7


class Status(StrEnum):
    """Whether an alert still fires."""

    FIRING = "firing"
    RESOLVED = "resolved"


class Kind(StrEnum):
    """What got worse, as far as the evidence tells."""

    ABSENT = "absent"
    CLOSING = "closing"
    LEADS = "leads"
    EITHER = "fewer or slower"
    LOWER = "lower"
    HIGHER = "higher"


class Worst(msgspec.Struct, frozen=True, kw_only=True):
    """What an alert that recovers said when it was worst, as `Alert` has it.

    What was missing may come all at once, and then the whole says no more how bad its days were.

    Attributes:
        until: The last day of it.
        observed: Cases from the beginning until then.
        expected: Cases expected in that time.
        days: How many days that is.
        n: Leads created in that time, or cases.
        ratio: Observed over expected.
        deviation: By how many standard deviations they differ, of a KPI.
    """

    until: str
    observed: int
    expected: float
    days: int
    n: int
    ratio: float | None
    deviation: float | None = None


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something got worse at an entity, or a source is silent. Days are ISO 8601 dates.

    Attributes:
        id: Identity: entity, indicator and the day on which it was raised; never changes.
        entity: `level:id`, or `source:leads` and the like.
        level: executive, team, branch, company, channel or campaign.
        indicator: What is watched: a stage of a lead, or a KPI by its id; None of an absent
            source.
        status: firing or resolved.
        kind: closing: fewer cases whatever the leads; leads: leads since then are worse; absent:
            no events come; lower, higher: that is worse of the KPI.
        raised: Day on which it was raised.
        resolved: Day on which it was resolved.
        since: When the drop began, as estimated when it was raised.
        since_low: Earliest day about as likely.
        since_high: Latest day about as likely.
        observed: Cases since then, until the end of the alert or now; of a KPI that is a mean
            what its cases add up to, as slots hold it.
        expected: Cases expected in that time.
        days: How many days that is.
        ratio: Observed over expected; None when nothing was expected.
        ratio_low: Lower end of its 95 % interval.
        ratio_high: Upper end.
        n: Leads created in that time; of a KPI its cases.
        evidence_days: In health so much evidence comes at most once in so many days; at most
            `LONG`.
        budget_days: Days per false alarm that the settings allow.
        baseline: Share of leads that reach the stage when all is well; of a KPI how many a day,
            or how much a case.
        baseline_cases: How many cases it was learned from.
        explanation: All of it, in a sentence.
        spread: Variance of a day beyond chance, relative to its squared expectation.
        resolution: Why it was resolved, if somebody declared it; None if conversion came back.
        source: The source that is silent, of an alert of kind absent.
        silent_since: From which moment on, ISO 8601, to a quarter of an hour.
        back: When events of it came again.
        handling: What people said of it; None as long as nobody did.
        title: The KPI's name for people; None of a stage.
        value: What the KPI came to since then, in its unit; None of a stage or a count, which
            `observed` and `expected` tell.
        usual: What it would have been when all is well.
        unit: What is written behind both.
        deviation: By how many standard deviations `observed` differs from `expected`, of a KPI.
        worst: What it said when it was worst, once it recovers; None while it goes on.
    """

    id: str
    entity: Entity
    level: Scope
    indicator: str | None
    status: Status
    kind: Kind
    raised: str
    resolved: str | None
    since: str
    since_low: str
    since_high: str
    observed: int
    expected: float
    days: int
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    n: int
    evidence_days: float
    budget_days: float
    baseline: float
    baseline_cases: int
    explanation: str
    spread: float = 0.0
    resolution: str | None = None
    source: str | None = None
    silent_since: str | None = None
    back: str | None = None
    handling: Handling | None = None
    title: str | None = None
    value: float | None = None
    usual: float | None = None
    unit: str = ""
    deviation: float | None = None
    worst: Worst | None = None


class Ratio(NamedTuple):
    """A ratio and its 95 % interval."""

    value: float
    low: float
    high: float


def ratio(observed: float, expected: float, dispersion: float = 1.0) -> Ratio:
    """Observed over expected; the interval is Byar's, of a count divided by its dispersion.

    >>> [round(end, 2) for end in ratio(31, 47.2)]
    [0.66, 0.45, 0.93]
    """
    count, scale = observed / dispersion, dispersion / expected
    low = count * (1 - 1 / (9 * count) - Z / (3 * count**0.5)) ** 3 if count else 0.0
    above = count + 1
    high = above * (1 - 1 / (9 * above) + Z / (3 * above**0.5)) ** 3
    return Ratio(observed / expected, max(low, 0.0) * scale, high * scale)


def describe(
    entity: Entity,
    stage: Stage,
    incident: Incident,
    *,
    budget: float,
    baseline: float,
    cases: int,
    spread: float,
) -> Alert:
    """The alert that tells of an incident.

    Args:
        entity: Where.
        stage: Which conversion.
        incident: Its life so far.
        budget: Days per false alarm.
        baseline: The rate in health.
        cases: From how many cases that is known.
        spread: How uneven days are, which widens the interval.
    """
    start, end = incident.since.mark, incident.end
    observed = round(end.observed - start.observed)
    expected = end.expected - start.expected
    days = max(end.day - start.day, 1)
    found = ratio(observed, expected, 1 + spread * expected / days) if expected > 0 else None
    kind = _kind(incident.of_sales)
    since = date.fromordinal(start.day).isoformat()
    resolved = incident.resolved
    return Alert(
        id=f"{entity}|{stage}|{date.fromordinal(incident.raised).isoformat()}",
        entity=entity,
        level=scope_of(entity),
        indicator=stage,
        status=Status.FIRING if resolved is None else Status.RESOLVED,
        kind=kind,
        raised=date.fromordinal(incident.raised).isoformat(),
        resolved=date.fromordinal(resolved).isoformat() if resolved is not None else None,
        since=since,
        since_low=date.fromordinal(incident.since.low).isoformat(),
        since_high=date.fromordinal(incident.since.high).isoformat(),
        observed=observed,
        expected=round(expected, 1),
        days=days,
        ratio=round(found.value, 3) if found else None,
        ratio_low=round(found.low, 3) if found else None,
        ratio_high=round(found.high, 3) if found else None,
        n=end.leads - start.leads,
        evidence_days=float(f"{min(incident.evidence, LONG):.3g}"),
        budget_days=budget,
        baseline=round(baseline, 4),
        baseline_cases=cases,
        explanation=_explanation(stage, kind, observed, expected, incident),
        spread=round(spread, 4),
        worst=at_worst(
            incident,
            lambda then: describe(
                entity, stage, then, budget=budget, baseline=baseline, cases=cases, spread=spread
            ),
        ),
    )


def at_worst(incident: Incident, tell: Callable[[Incident], Alert]) -> Worst | None:
    """What the alert of an incident said when it was worst, if it recovers.

    Args:
        incident: Its life so far.
        tell: The alert that tells of an incident.
    """
    if not incident.recovers:
        return None
    then = tell(incident._replace(end=incident.worst))
    return Worst(
        until=date.fromordinal(incident.worst.day - 1).isoformat(),
        observed=then.observed,
        expected=then.expected,
        days=then.days,
        n=then.n,
        ratio=then.ratio,
        deviation=then.deviation,
    )


def _kind(of_sales: float) -> Kind:
    if of_sales >= _CLEAR:
        return Kind.CLOSING
    return Kind.LEADS if of_sales <= 1 - _CLEAR else Kind.EITHER


_WORDS = {
    Kind.CLOSING: "fewer or slower, of old and new leads alike",
    Kind.LEADS: "leads that came since then are worse, or slower",
    Kind.EITHER: "fewer or slower",
}


def _explanation(
    stage: Stage, kind: Kind, observed: int, expected: float, incident: Incident
) -> str:
    words = _WORDS[kind] if observed < expected else "slower, for what was missing has come"
    return (
        f"{observed:,} leads {stage} {period(incident)} where {expected:,.1f} were to be expected "
        f"of the leads that were open: {words}. {rarity(incident)}"
    )


def period(incident: Incident) -> str:
    """The days that an alert speaks of, in words."""
    since = date.fromordinal(incident.since.mark.day).isoformat()
    if incident.resolved is None:
        return f"since {since}"
    return f"from {since} to {date.fromordinal(incident.resolved).isoformat()}"


def rarity(incident: Incident) -> str:
    """How rare so much evidence is, in words."""
    days = min(incident.evidence, LONG)
    return f"When all is well so much evidence comes at most once in {days:,.0f} days."
