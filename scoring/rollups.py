"""Roll-ups: a parent's day as the sum of what its children last said.

A contribution is cumulative: it replaces the child's former one if its version is larger.
A parent's version is the sum of its children's versions, which grows with every change, so
nothing but the contributions needs to be stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from scoring.cells import Cells, Entity, merge
from scoring.panes import COMPANY

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMAT = 1


class Contribution(msgspec.Struct, frozen=True, array_like=True):
    """What a child last said of its day.

    Attributes:
        format: Version of this layout.
        version: The child's version.
        branch: The branch to which it belongs in this parent, if the parent is a team.
        cells: The child's vectors; empty when it left.
        former: Other branches under which this child was once counted here.
    """

    format: int = FORMAT
    version: int = 0
    branch: str | None = None
    cells: Cells = {}
    former: tuple[str, ...] = ()


class Upward(NamedTuple):
    """A contribution on its way to a parent."""

    parent: Entity
    contribution: Contribution


def replace(known: Contribution | None, said: Contribution) -> Contribution | None:
    """The contribution to keep, or None if the known one is as new."""
    if known is None:
        return said
    if said.version <= known.version:
        return None
    former = known.former
    if known.branch is not None and known.branch != said.branch and known.branch not in former:
        former = (*former, known.branch)
    return msgspec.structs.replace(said, former=former)


def upward(entity: Entity, children: Iterable[Contribution]) -> list[Upward]:
    """What an entity says to its parents of a day, from its children of that day.

    A team speaks to every branch under which it ever counted a child, so that one that it
    left hears of it; a branch speaks to the company; the company to nobody.
    """
    level = entity.partition(":")[0]
    contributions = list(children)
    version = sum(child.version for child in contributions)
    if level == "team":
        branches = dict.fromkeys(
            branch
            for child in contributions
            for branch in (*child.former, child.branch)
            if branch is not None
        )
        return [
            Upward(
                f"branch:{branch}", Contribution(version=version, cells=_sum(contributions, branch))
            )
            for branch in branches
        ]
    if level == "branch":
        return [Upward(COMPANY, Contribution(version=version, cells=_sum(contributions, None)))]
    return []


def _sum(contributions: Iterable[Contribution], branch: str | None) -> Cells:
    total: Cells = {}
    for child in contributions:
        if branch is None or child.branch == branch:
            merge(total, child.cells)
    return total
