"""What customers say of products and service, and colleagues of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.events.feedback import FeedbackMentor, FeedbackPeer, FeedbackProduct, FeedbackService
from streams.demo.floor import PRODUCTS

if TYPE_CHECKING:
    from scoring.events import Micros
    from streams.demo.book import Book
    from streams.demo.floor import Executive
    from streams.demo.rhythm import Pace

_STARS = (5, 4, 3, 2, 1)
_BY_CUSTOMERS, _BY_COLLEAGUES = (48, 34, 12, 4, 2), (40, 40, 15, 4, 1)
_OF_PRODUCT, _BY_PEER = 0.5, 0.7
_SKILLS = ("listening", "product advice", "closing", "helping out")


def of_customers(book: Book, executive: Executive, at: Micros, _pace: Pace) -> None:
    """A customer rates a product, or how he was served."""
    common = {"response_id": book.number("R"), "executive_id": executive.id}
    customer, rating = book.known_customer(), book.rng.choices(_STARS, _BY_CUSTOMERS)[0]
    if book.chance(_OF_PRODUCT):
        product = book.rng.choice(PRODUCTS).name
        rated = FeedbackProduct(**common, product=product, rating=rating, customer_id=customer)
        book.begin(at, rated)
    else:
        book.begin(at, FeedbackService(**common, rating=rating, customer_id=customer))


def of_colleagues(book: Book, executive: Executive, at: Micros, _pace: Pace) -> None:
    """A peer or a mentor of the team rates the executive."""
    kind = FeedbackPeer if book.chance(_BY_PEER) else FeedbackMentor
    answer = kind(
        response_id=book.number("R"),
        executive_id=executive.id,
        rating=book.rng.choices(_STARS, _BY_COLLEAGUES)[0],
        from_id=book.rng.choice(book.floor.members[executive.team]).id,
        skill=book.rng.choice(_SKILLS),
    )
    book.begin(at, answer)
