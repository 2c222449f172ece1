"""Slots: the names of the integers that panes hold.

A slot is a measure (`leads`), a measure split by a key (`leads.channel|web`), or a measure
of members that a window goes through one by one, because distinct ones matter
(`repeat#C-17`) or what they are (`lost#739676`). Values are counts, sums of minor units of
money or of hundredths of hours, or the changes of a balance, up and down.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

Slot: TypeAlias = str
#: Sparse integer vector; a missing slot is 0.
Vector: TypeAlias = dict[Slot, int]

KEY = "|"
MEMBER = "#"

#: Leads created.
LEADS = "leads"
LEADS_BY_CHANNEL = "leads.channel"
LEADS_BY_CAMPAIGN = "leads.campaign"
LEADS_BY_SEGMENT = "leads.segment"
#: Leads with a known attribute, by the four attributes that demographics are about, as one key.
LEADS_BY_PROFILE = "leads.profile"
#: Leads with at least one of the four preferences stated, and leads by value of each.
LEADS_WITH_PREFERENCE = "leads.preferring"
LEADS_BY_PREFERENCE = {
    "purpose": "leads.purpose",
    "tenure": "leads.tenure",
    "repayment": "leads.repayment",
    "contact": "leads.contact",
}
#: Leads first qualified.
QUALIFIED = "qualified"
#: Leads, at their creation, with a net disbursal within maturity.
CONVERTED = "converted"
CONVERTED_BY_CAMPAIGN = "converted.campaign"
#: Net amount of leads, at their creation, disbursed within maturity; minor units.
MATURED_AMOUNT_BY_CHANNEL = "matured_amount.channel"
#: Net disbursals and their amount in minor units.
LOANS = "loans"
VOLUME = "volume"
#: Customers with a net disbursal that follows another one of theirs.
REPEAT = "repeat"
#: Leads created and minor units spent, of a campaign, whoever owns the leads.
CAMPAIGN_LEADS = "campaign_leads"
CAMPAIGN_SPEND = "campaign_spend"

#: Critical violations recorded, and audits in which a critical check failed.
CRITICAL_VIOLATIONS = "critical_violations"
CRITICAL_AUDITS = "critical_audits"

#: Insights that were applied.
INSIGHTS = "insights"

#: Responses to "how likely are you to recommend us", those of 9 and 10, those of 0 to 6.
NPS = "nps"
PROMOTERS = "nps.promoters"
DETRACTORS = "nps.detractors"
#: Responses of 1 to 5 stars, by the stars.
SERVICE_STARS = "stars.service"
PRODUCT_STARS = "stars.product"
PEER_STARS = "stars.peer"
MENTOR_STARS = "stars.mentor"
#: Assessments, and hundredths of points scored in them by hundredths of the highest score.
ASSESSMENTS = "assessments"
ASSESSED = "assessed"
#: Checks of audits, and those that passed.
CHECKS = "checks"
CHECKS_PASSED = "checks.passed"
#: Violations, caught in time or not.
VIOLATIONS_AVOIDED = "violations.avoided"
VIOLATIONS_RECORDED = "violations.recorded"
#: Enrolments by their end, and those that were ever completed.
ENROLMENTS = "enrolments"
ENROLMENTS_COMPLETED = "enrolments.completed"
#: Trainings completed, their hundredths of hours by area, and those that gave a certification.
TRAININGS = "trainings"
TRAINING_HOURS = "training_hours"
CERTIFICATIONS = "certifications"
#: Pairs of an executive and an article that he read.
READINGS = "readings"
#: Successful initiatives, for each participant.
INITIATIVES = "initiatives"
#: Invitations to team events and attendances, by the day of the event.
INVITATIONS = "invitations"
ATTENDANCES = "attendances"

#: Leads, at their creation, that an active customer referred.
REFERRALS = "referrals"
#: Net products sold and their revenue in minor units.
PRODUCTS = "products"
PRODUCTS_BY_KIND = "products.kind"
PRODUCTS_BY_PRODUCT = "products.product"
REVENUE = "revenue"
REVENUE_BY_KIND = "revenue.kind"
REVENUE_BY_PRODUCT = "revenue.product"

#: Balances: customers with something open, with an open loan, and with both a loan and a product.
ACTIVE = "active"
BORROWERS = "borrowers"
CROSS_SOLD = "cross_sold"
#: Customers who lapse, by the day since which they were active: repaid at term, or otherwise.
REPAID = "repaid"
LOST = "lost"
#: Balances of (executive, technique) pairs: learned no later than the day of their first
#: application, and those of them that were applied.
LEARNED = "learned"
APPLIED = "applied"
#: Such pairs at their first application, learned at or before it.
IMPLEMENTED = "implemented"
#: Pairs that are learned on a later day than they were first applied, by that day.
LEARNED_LATE = "learned_late"

#: Tasks that are due, and those of them completed in time, by cadence.
TASKS_BY_CADENCE = "tasks.cadence"
TASKS_IN_TIME_BY_CADENCE = "tasks_in_time.cadence"
#: Priority tasks that are due, and those of them that were ever completed.
PRIORITY_TASKS = "priority_tasks"
PRIORITY_TASKS_DONE = "priority_tasks_done"
#: Entries of logged time; hundredths of a minute in them, all and on what brings revenue.
TIME_ENTRIES = "time_entries"
TIME_LOGGED = "time_logged"
TIME_ON_REVENUE = "time_on_revenue"
#: Inquiries answered; business milliseconds that it took, their sum and the count by bin of
#: `scoring.sketch`.
ANSWERED = "answered"
TURNAROUND = "turnaround"
TURNAROUND_BY_BIN = "turnaround.bin"
#: Reports that are due, and those of them submitted in time.
REPORTS_DUE = "reports_due"
REPORTS_IN_TIME = "reports_in_time"
#: Figures stated by reports, see `scoring.figures`; only in executives' panes.
FIGURES = "figures"
#: Figures that could be judged, and their accuracies in trillionths; only in panes above.
FIGURES_JUDGED = "figures_judged"
ACCURACY = "accuracy"

#: Placements of executives, by the day from which they hold: a team exists from the first one.
PLACEMENTS = "placements"


def keyed(measure: str, key: str) -> Slot:
    """Slot of one key of a measure."""
    return f"{measure}{KEY}{key}"


def member(measure: str, who: str) -> Slot:
    """Slot of one member of a measure that counts distinct ones."""
    return f"{measure}{MEMBER}{who}"


@lru_cache(maxsize=100_000)
def measure_of(slot: Slot) -> str:
    """The measure of a slot, without key or member.

    >>> measure_of("leads.channel|a#b"), measure_of("leads")
    ('leads.channel', 'leads')
    """
    at = next((i for i, letter in enumerate(slot) if letter in (KEY, MEMBER)), len(slot))
    return slot[:at]


def add(total: Vector, vector: Vector, sign: int = 1) -> None:
    """Add `sign * vector` to `total` in place; slots that become 0 disappear."""
    for slot, n in vector.items():
        value = total.get(slot, 0) + sign * n
        if value:
            total[slot] = value
        else:
            total.pop(slot, None)
