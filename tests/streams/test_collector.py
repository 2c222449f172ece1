"""The cyclic collector of a worker: what it walks again and what it still finds."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

_SURVIVORS = 50_000


def _printed(program: str) -> list[int]:
    """What a program of a process of its own prints: the collector is the process's."""
    ended = subprocess.run(
        [sys.executable, "-c", dedent(program)], capture_output=True, text=True, check=True
    )
    return [int(word) for word in ended.stdout.split()]


def test_what_survived_a_full_collection_is_walked_by_none_after_it() -> None:
    before, after = _printed(
        f"""
        import gc
        from streams.collector import spare_survivors
        kept = [[] for _ in range({_SURVIVORS})]
        print(sum(len(gc.get_objects(n)) for n in range(3)))
        spare_survivors()
        gc.collect()
        print(sum(len(gc.get_objects(n)) for n in range(3)))
        """
    )
    assert before > _SURVIVORS
    assert after < before / 100


def test_cycles_that_die_before_are_still_found() -> None:
    (found,) = _printed(
        """
        import gc, weakref
        from streams.collector import spare_survivors
        class Node: pass
        spare_survivors()
        gc.collect()
        node = Node()
        node.itself = node
        gone = weakref.ref(node)
        del node
        gc.collect()
        print(int(gone() is None))
        """
    )
    assert found == 1
