"""Hypothesis settings of the core's tests: no deadlines on a shared machine, stable runs in CI."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile(
    "scoring", deadline=None, derandomize=bool(os.environ.get("CI")), max_examples=100
)
settings.load_profile("scoring")
