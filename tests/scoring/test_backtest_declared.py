"""The back-test of a history in which people declared that a rate is another from a day on."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import product
from typing import TYPE_CHECKING

import msgspec
import pytest

from scoring.alerting.alert import Status
from scoring.alerting.remarks import Declared
from scoring.alerting.stages import Stage
from tests.scoring.alerting.floors import FIRST, Drop
from tests.scoring.test_backtest import CHANNELS, LAST, history, volumes

if TYPE_CHECKING:
    from scoring.backtest import Telling

FALLEN = 130
SAID = 140
#: From a day on one of three executives reaches fewer of his leads, and for good.
DROPS = {(0, channel): Drop(Stage.CONTACTED, FALLEN, LAST, 0.3) for channel in CHANNELS}


@pytest.fixture(scope="module")
def without() -> Telling:
    """What is told if nobody says anything."""
    (telling,) = history(DROPS)
    return telling


def declared(said: int, entity: str = "company:company") -> Declared:
    return Declared(
        entity=entity,
        since=date.fromordinal(FIRST + FALLEN),
        by="Asha",
        at=datetime.combine(date.fromordinal(FIRST + said), time(6), UTC),
        reason="the campaign ended",
    )


def test_what_was_declared_before_it_came_brings_no_alert_there_or_below(without: Telling) -> None:
    assert without.alert.entity == "executive:E-0"
    assert history(DROPS, [declared(FALLEN - 2)]) == []


def test_those_above_have_to_be_told_too() -> None:
    (telling,) = history(DROPS, [declared(FALLEN - 2, "team:T-1")])
    assert telling.alert.entity in {"branch:B-1", "company:company"}


def test_what_is_declared_later_resolves_its_alert_on_the_day_when_it_is_said(
    without: Telling,
) -> None:
    raised, resolved = history(DROPS, [declared(SAID)])
    assert raised == without, "until then nobody knew"
    assert (resolved.day, resolved.alert.id) == (FIRST + SAID, raised.alert.id)
    assert resolved.alert.status is Status.RESOLVED
    assert resolved.alert.resolved == date.fromordinal(FIRST + SAID).isoformat()
    assert resolved.alert.resolution == "the campaign ended (Asha)"


def test_what_is_said_too_late_or_of_others_changes_nothing(without: Telling) -> None:
    others = [declared(LAST), declared(FALLEN - 2, "team:T-2"), declared(0, "channel:fair")]
    assert history(DROPS, others) == [without]


def test_of_a_campaign_that_was_known_to_end_no_lead_is_missed() -> None:
    ended = msgspec.structs.replace(
        declared(140),
        since=date.fromordinal(FIRST + 150),
        indicator="campaigns.lead_growth",
    )
    everywhere = [
        msgspec.structs.replace(ended, entity=entity)
        for entity in ("company:company", "channel:email", "campaign:CMP")
    ]
    fallen = set(product(range(3), ["email"]))
    assert volumes(fallen, 157)
    assert volumes(fallen, 157, everywhere) == []
