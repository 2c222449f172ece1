"""The product's formulas on arrays of many runs at once.

They are declared for numbers, and are plain arithmetic that arrays know too. Here alone the one
is passed for the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from scoring.alerting.detector import Arithmetic

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Rates, shares, expectations, evidence.
Figures: TypeAlias = npt.NDArray[np.float64]
#: Leads and cases.
Counts: TypeAlias = npt.NDArray[np.int64]

ARRAYS = Arithmetic(np.exp, np.log)


def as_number(figures: Figures) -> float:
    """Figures of many runs, where the product's types say the number of one."""
    return cast("float", figures)


def as_numbers(rows: Iterable[Figures]) -> tuple[float, ...]:
    """The same of several."""
    return tuple(map(as_number, rows))


def as_figures(number: float) -> Figures:
    """What a formula of the product made of figures of many runs."""
    return cast("Figures", number)
