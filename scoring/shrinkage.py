"""Shrinkage: a share of few cases gets its points nearer to what is usual around it.

A share of x of n cases is scored on (x + K p) / (n + K): the mean of a beta distribution whose
prior is worth K cases at the share p, after x of n. p is the parent's share without the child.
Source: A. Gelman et al., "Bayesian Data Analysis", 3rd edition (2013), section 2.4.

A parent tells its children what they need for that in a norm: all its cases, and whose they are.
So what a child does itself moves its own cases alone, and not what is usual around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from scoring.kpi import Judged
from scoring.notes import Share

if TYPE_CHECKING:
    from scoring.cells import Entity
    from scoring.kpi import Kpi, Reading
    from scoring.notes import Norm
    from scoring.windows import Window

_NONE = Share(0, 0)


class Told(NamedTuple):
    """What a parent says of a share: all its cases, and the child's among them.

    The part is None where a child's cases are all in the whole, so that it knows them itself.
    """

    whole: Share
    part: Share | None

    def without(self, own: Share) -> Share | None:
        """The parent's cases that are not the child's; None where there are none.

        Whole and part may be of different moments while news is on its way, so the rest is kept
        within what a share can be.
        """
        part = own if self.part is None else self.part
        n = self.whole.n - part.n
        return Share(min(max(self.whole.cases - part.cases, 0), n), n) if n > 0 else None


def shrunk(own: Share, usual: Share, strength: int) -> float:
    """(x + K p) / (n + K), the closest float to the exact quotient.

    >>> shrunk(Share(1, 10), Share(8, 100), 150)
    0.08125
    """
    return (own.cases * usual.n + strength * usual.cases) / ((own.n + strength) * usual.n)


def shrink(kpi: Kpi, reading: Reading, told: Told | None) -> Reading:
    """A reading that gets its points on the shrunk share, and says so; its value stays.

    Companions: `prior`, the parent's share without the child, None where that has no cases, and
    `scored_on`, what gets the points.
    """
    if kpi.prior is None:
        return reading
    own = share_of(reading)
    usual = told.without(own) if told is not None else None
    value = reading.value
    if usual is not None and own.n:
        value = shrunk(own, usual, kpi.prior.strength)
    prior = usual.cases / usual.n if usual is not None else None
    return msgspec.structs.replace(
        reading,
        judged=Judged(value, own.n),
        companions={**reading.companions, "prior": prior, "scored_on": value},
    )


def share_of(reading: Reading) -> Share:
    """The cases of a reading of a share; none where it is undefined."""
    cases, n = reading.numerator, reading.denominator
    return Share(int(cases), int(n)) if cases is not None and n is not None else _NONE


class Norms:
    """What parents said last.

    Attributes:
        version: Sum of the versions of the notes; grows with every change.
    """

    def __init__(self) -> None:
        self.version = 0
        self._norms: dict[Entity, Norm] = {}
        self._versions: dict[Entity, int] = {}

    def learn(self, norm: Norm, growth: int) -> None:
        """Take what a parent said; `growth` is by how much its version is larger than before."""
        self._norms[norm.parent] = norm
        self._versions[norm.parent] = self.version_of(norm.parent) + growth
        self.version += growth

    def version_of(self, parent: Entity | None) -> int:
        """Version of the note of a parent."""
        return self._versions.get(parent, 0) if parent is not None else 0

    def told(self, parent: Entity | None, child: Entity, kpi: str, window: Window) -> Told | None:
        """What a parent said of a child's share; None if it had no cases or said nothing."""
        norm = self._norms.get(parent) if parent is not None else None
        whole = norm.whole.get(kpi, {}).get(window) if norm is not None else None
        if norm is None or whole is None:
            return None
        if norm.parts is None:
            return Told(whole, None)
        return Told(whole, norm.parts.get(child, {}).get(kpi, {}).get(window, _NONE))
