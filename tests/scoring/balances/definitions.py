"""The definitions of balances taken word by word, from moment to moment over whole items."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.scoring.balances.stories import CUSTOMERS, Item, Story
from tests.scoring.making import KOLKATA

if TYPE_CHECKING:
    from scoring.events import Micros
    from scoring.windows import Days


class Span(NamedTuple):
    start: Micros
    end: Micros


def naive_retention(story: Story, executives: list[str], span: Span) -> tuple[int, ...]:
    """The customers of A that stay, A less M, and M."""
    kept = matured = 0
    base = [
        customer
        for customer, items in customers(story, executives).items()
        if any(item.begun_and_not_ended_before(span.start) for item in items)
    ]
    for customer in base:
        items = customers(story, executives)[customer]
        moments = sorted(
            item.ended
            for item in items
            if item.ended is not None and span.start <= item.ended < span.end
        )
        lapse = next((t for t in moments if not any(item.open_at(t) for item in items)), None)
        kept += lapse is None
        matured += lapse is not None and any(
            item.loan and item.matured and item.ended == lapse for item in items
        )
    return kept, len(base) - matured, matured


def naive_penetration(story: Story, executives: list[str], span: Span) -> tuple[int, ...]:
    holds = [
        [
            any(item.begun_and_not_ended_before(span.end) for item in items if item.loan is loan)
            for loan in (True, False)
        ]
        for items in customers(story, executives).values()
    ]
    return sum(map(all, holds)), sum(loan for loan, _ in holds)


def customers(story: Story, executives: list[str]) -> dict[str, list[Item]]:
    """What was ever open of each customer of the executives."""
    found = {}
    for customer in CUSTOMERS:
        net = [each for each in story.items if each.customer == customer and not each.cancelled]
        if net and min(net, key=lambda item: item.began).executive in executives:
            found[customer] = [item for item in net if item.real]
    return found


def naive_techniques(story: Story, executives: list[str], span: Span) -> tuple[int, ...]:
    implemented = due = 0
    for pair in story.pairs:
        if pair.executive not in executives or pair.learned is None:
            continue
        first = min(pair.applied, default=None)
        due += pair.learned < span.end and not (first is not None and first < span.start)
        implemented += (
            first is not None and span.start <= first < span.end and pair.learned <= first
        )
    return implemented, due


def naive_referrals(story: Story, span: Span) -> int:
    return sum(
        span.start <= lead.created < span.end
        and any(
            item.real and item.customer == lead.referrer and item.open_at(lead.created)
            for item in story.items
        )
        for lead in story.leads
    )


def moments(days: Days) -> Span:
    return Span(KOLKATA.midnight(days.first), KOLKATA.midnight(days.last + 1))
