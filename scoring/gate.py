"""The gate: a critical breach caps an executive's overall, visibly.

Nothing is subtracted in silence: the score says that it is capped, by what, and what it
would be. The gate is on people; a team's or the company's score shows their areas as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scoring import slots

if TYPE_CHECKING:
    from scoring.measures import Measures

#: The most that a gated overall can be.
CAP = 60.0


class Gate(msgspec.Struct, frozen=True):
    """Why an overall is capped.

    Attributes:
        cap: The most that the overall can be.
        violations: Critical violations recorded in the window.
        audits: Audits in the window in which a critical check failed.
        uncapped: The overall without the cap.
    """

    cap: float
    violations: int
    audits: int
    uncapped: float | None


def gate(measures: Measures, overall: float | None) -> Gate | None:
    """The gate that applies over a window, if any.

    Args:
        measures: What the executive did in the window.
        overall: The overall without the gate.
    """
    violations = measures.total(slots.CRITICAL_VIOLATIONS)
    audits = measures.total(slots.CRITICAL_AUDITS)
    return Gate(CAP, violations, audits, overall) if violations or audits else None


def capped(overall: float | None, gate: Gate | None) -> float | None:
    """The overall with the gate."""
    return min(overall, gate.cap) if overall is not None and gate is not None else overall
