"""What is stored is read as it was: journeys, panes, contributions, members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import journeys, panes, rollups
from scoring.notes import Membership, Parent
from scoring.panes import Member, Pane
from scoring.rollups import Contribution
from streams.journeys import decode_journey
from streams.journeys import encode as encode_journey
from streams.panes import StoredMember, StoredPane, decode_stored
from streams.panes import encode as encode_stored
from streams.rollups import decode_contribution
from streams.rollups import encode as encode_contribution
from tests.scoring.making import cells_of_days
from tests.scoring.subjects.stories import Item, Subject, stories

if TYPE_CHECKING:
    from scoring.cells import Cells


@given(stories)
def test_a_journey_survives_being_stored(story: tuple[str, list[Item]]) -> None:
    subject, items = story
    journey = Subject(subject).take(items).journey
    stored = encode_journey(journey)
    assert decode_journey(stored) == journey
    assert msgspec.msgpack.decode(stored)[0] == journeys.FORMAT


@given(st.integers(0, 2**62), st.dictionaries(st.text(), st.integers(0, 2**62)), cells_of_days)
def test_panes_and_contributions_survive_being_stored(
    version: int, applied: dict[str, int], cells: Cells
) -> None:
    pane = Pane(version=version, applied=applied, cells=cells, parents=("team:A|#",))
    stored = encode_stored(StoredPane(pane))
    assert decode_stored(stored) == StoredPane(pane)
    assert msgspec.msgpack.decode(stored, strict=False)[1][0] == panes.FORMAT
    said = Contribution(version=version, branch="B", cells=cells, former=("A", "C"))
    raw = encode_contribution(said)
    assert decode_contribution(raw) == said
    assert msgspec.msgpack.decode(raw)[0] == rollups.FORMAT


@pytest.mark.parametrize("membership", [None, Membership((Parent(1, "team:T", "B"),))])
def test_a_member_survives_being_stored(membership: Membership | None) -> None:
    member = StoredMember(Member(version=3, membership=membership))
    stored = encode_stored(member)
    assert decode_stored(stored) == member
    assert msgspec.msgpack.decode(stored)[1][0] == panes.FORMAT
