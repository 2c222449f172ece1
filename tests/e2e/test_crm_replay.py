"""Real data through the whole pipeline: equal to the oracle, whatever the way it takes."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from tests.comparison import differences
from tests.e2e.conftest import doubled, figures, salesbell, summary
from tests.oracle.oracle import Expected, expected

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = "2017-12-31T18:00:00+05:30"


@pytest.fixture(scope="module")
def truth(crm: Path) -> list[Expected]:
    return expected(crm, as_of=datetime.fromisoformat(AS_OF))


@pytest.mark.parametrize(
    ("broker", "workers", "shuffle"),
    [
        ("apache_kafka", 1, None),
        ("apache_kafka", 2, 11),
        ("embedded_broker", 1, 12),
        ("embedded_broker", 2, None),
    ],
)
def test_replay_equals_the_oracle(
    broker: str,
    workers: int,
    shuffle: int | None,
    crm: Path,
    truth: list[Expected],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    twice = doubled(crm, seed=workers)
    output = tmp_path / "scores.jsonl"
    address = request.getfixturevalue(broker).bootstrap

    done = salesbell(
        "replay",
        str(twice),
        *("--as-of", AS_OF, "--output", str(output), "--broker", address),
        *("--workers", str(workers)),
        *(("--shuffle", str(shuffle)) if shuffle is not None else ()),
    )

    assert done.returncode == 0, done.stderr
    told = summary(done.stderr)
    assert (told["events in"], told["applied"], told["duplicates"], told["dead letters"]) == (
        "30,092",
        "15,046",
        "15,046",
        "0",
    )
    got = figures(output)
    entities = {(level, entity) for level, entity, _ in got}
    assert Counter(level for level, _ in entities) == {
        "executive": 35,
        "team": 6,
        "branch": 3,
        "company": 1,
    }
    assert differences(truth, got) == []
