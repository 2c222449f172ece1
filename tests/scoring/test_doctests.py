"""The examples in the core's docstrings."""

from __future__ import annotations

import doctest
from importlib import import_module
from pkgutil import walk_packages

import pytest

import scoring

MODULES = [module.name for module in walk_packages(scoring.__path__, "scoring.")]
WITH_EXAMPLES = [
    name
    for name in MODULES
    if any(test.examples for test in doctest.DocTestFinder().find(import_module(name)))
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_say_what_happens(name: str) -> None:
    failed, attempted = doctest.testmod(import_module(name))
    assert attempted > 0
    assert failed == 0


def test_examples_are_found() -> None:
    assert {"scoring.business", "scoring.points", "scoring.series"} <= set(WITH_EXAMPLES)
