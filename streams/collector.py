"""The cyclic collector, kept away from state that lives as long as the process.

A worker holds millions of small objects that are in no cycle and die by their reference counts.
A full collection walks all of them and holds up everything else for as long: some 150 ms for
10,000 loans, several times a minute. So what survives one is set aside, and the next one walks
only what is new. The price: a cycle that is set aside and dies later is not found. What dies
late here, such as the tables of a partition that went, is in no cycle.
"""

from __future__ import annotations

import gc
from typing import Final

_FULL: Final = 2
#: So many more new objects than dead ones begin a collection of the youngest.
_YOUNG: Final = 50_000


def spare_survivors() -> None:
    """From now on let no collection walk again what a full one has left."""
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    gc.callbacks.append(_set_aside)


def _set_aside(phase: str, info: dict[str, int]) -> None:
    if phase == "stop" and info["generation"] == _FULL:
        gc.freeze()
