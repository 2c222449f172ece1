"""Slots: the names of the integers that panes hold.

A slot is a measure (`leads`), a measure split by a key (`leads.channel|web`), or a measure
of members whose number of distinct ones matters (`repeat#C-17`). Values are counts, or
sums of minor units of money.
"""

from __future__ import annotations

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


def add(total: Vector, vector: Vector, sign: int = 1) -> None:
    """Add `sign * vector` to `total` in place; slots that become 0 disappear."""
    for slot, n in vector.items():
        value = total.get(slot, 0) + sign * n
        if value:
            total[slot] = value
        else:
            total.pop(slot, None)
