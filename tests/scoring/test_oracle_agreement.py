"""The pure core against the oracle, on hard histories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scoring.histories import differences_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", range(200))
def test_scores_of_hard_histories_are_those_of_the_oracle(seed: int, tmp_path: Path) -> None:
    assert differences_of(seed, tmp_path) == []
