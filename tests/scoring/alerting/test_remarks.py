"""What people say of alerts, as a compacted topic keeps it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from scoring.alerting.remarks import Acknowledged, Declared, Remark, Snoozed

NOON = datetime(2026, 3, 24, 12, tzinfo=UTC)
SEEN = Acknowledged(alert="team:T|qualified|2026-03-20", by="Asha", at=NOON)
QUIET = Snoozed(alert=SEEN.alert, by="Ravi", at=NOON, until=NOON)
EXPECTED = Declared(entity="team:T", since=date(2026, 3, 20), by="Asha", at=NOON, reason="an end")


def test_of_one_alert_the_last_remark_counts() -> None:
    assert SEEN.key == QUIET.key == "team:T|qualified|2026-03-20"


def test_of_one_expected_change_the_last_wording_counts() -> None:
    reworded = msgspec.structs.replace(EXPECTED, reason="the end", by="Ravi")
    assert reworded.key == EXPECTED.key == "declared|team:T|all|2026-03-20"


@pytest.mark.parametrize(
    "other",
    [{"entity": "team:U"}, {"since": date(2026, 3, 21)}, {"indicator": "qualified"}],
    ids=str,
)
def test_another_change_is_kept_beside_it(other: dict[str, object]) -> None:
    assert msgspec.structs.replace(EXPECTED, **other).key != EXPECTED.key


@pytest.mark.parametrize("remark", [SEEN, QUIET, EXPECTED], ids=lambda each: type(each).__name__)
def test_a_remark_survives_the_wire(remark: Remark) -> None:
    assert msgspec.json.decode(msgspec.json.encode(remark), type=Remark) == remark


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = msgspec.json.encode(
        {"what": "acknowledged", "alert": "a", "by": "b", "at": "2026-03-24T12:00:00"}
    )
    with pytest.raises(msgspec.ValidationError, match=r"\$\.at"):
        msgspec.json.decode(naive, type=Remark)
