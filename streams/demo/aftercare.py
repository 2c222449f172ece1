"""What follows a disbursal: second thoughts, answers, further products, the end of the loan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from scoring.events.activity import InsightApplied
from scoring.events.feedback import FeedbackNps, FeedbackService
from scoring.events.sales import (
    LoanClosed,
    ProductCancelled,
    ProductClosed,
    ProductSold,
    SaleCancelled,
)
from streams.demo.floor import PRODUCTS
from streams.demo.teamwork import an_insight

if TYPE_CHECKING:
    from scoring.events import Micros
    from scoring.events.sales import SaleDisbursed
    from streams.demo.book import Book
    from streams.demo.rhythm import Pace

    Ending: TypeAlias = Literal["matured", "foreclosed", "written_off"]

_DAY = 86_400
CANCELLED, _ASKED_NPS, _ASKED_SERVICE, _INSIGHT_USED = 0.03, 0.35, 0.25, 0.1
_CROSS_SOLD, _PRODUCT_CANCELLED, _PRODUCT_CLOSED = 0.3, 0.04, 0.05
#: Share of loans that end within weeks, and how.
_CLOSED = 0.05
_ENDINGS: tuple[Ending, ...] = ("foreclosed", "matured", "written_off")
_ENDING_WEIGHTS = (6, 3, 1)
_SCORES = ((10, 26), (9, 27), (8, 20), (7, 11), (6, 6), (5, 4), (3, 3), (0, 3))
_STARS, _STAR_WEIGHTS = (5, 4, 3, 2, 1), (50, 34, 11, 3, 2)


def aftercare(book: Book, sale: SaleDisbursed, at: Micros, pace: Pace) -> None:
    """Plan what follows a disbursal at a moment."""
    if book.chance(CANCELLED):
        undone = SaleCancelled(loan_id=sale.loan_id, reason="cooling-off period")
        book.plan(pace.after(book.rng, at, 2 * _DAY), undone)
        return
    person = {"customer_id": sale.customer_id, "executive_id": sale.executive_id}
    if book.chance(_ASKED_NPS):
        scores, weights = zip(*_SCORES, strict=True)
        score = book.rng.choices(scores, weights)[0]
        answer = FeedbackNps(response_id=book.number("R"), score=score, **person)
        book.plan(pace.after(book.rng, at, 2 * _DAY), answer)
    if book.chance(_ASKED_SERVICE):
        rating = book.rng.choices(_STARS, _STAR_WEIGHTS)[0]
        service = FeedbackService(response_id=book.number("R"), rating=rating, **person)
        book.plan(pace.after(book.rng, at, _DAY), service)
    if book.chance(_CROSS_SOLD):
        _cross_sell(book, person, pace.after(book.rng, at, 4 * _DAY), pace)
    if book.chance(_CLOSED):
        ending = book.rng.choices(_ENDINGS, _ENDING_WEIGHTS)[0]
        closed = LoanClosed(loan_id=sale.loan_id, reason=ending)
        book.plan(pace.after(book.rng, at, 18 * _DAY), closed)
    if book.chance(_INSIGHT_USED):
        used = InsightApplied(
            insight_id=an_insight(book, at),
            executive_id=sale.executive_id,
            loan_id=sale.loan_id,
        )
        book.plan(at, used)


def _cross_sell(book: Book, person: dict[str, str], at: Micros, pace: Pace) -> None:
    product = book.rng.choice(PRODUCTS)
    holding = book.number("H")
    sold = ProductSold(
        holding_id=holding,
        product=product.name,
        sale_kind="up_sell" if product.name == "top_up" else "cross_sell",
        revenue=round(book.rng.uniform(product.least, product.most), 2),
        currency=book.floor.currency,
        **person,
    )
    book.plan(at, sold)
    if book.chance(_PRODUCT_CANCELLED):
        book.plan(pace.after(book.rng, at, 3 * _DAY), ProductCancelled(holding_id=holding))
    elif book.chance(_PRODUCT_CLOSED):
        book.plan(pace.after(book.rng, at, 18 * _DAY), ProductClosed(holding_id=holding))
