"""A seeded sample of mutants of scoring/: python -m tests.mutants [--count 600] [--seed 1].

Each mutant changes one place: a comparison, a calculation, a condition, a number or what is
returned. Words are not mutated. A mutant meets the test files that import its module, and then, if
it still lives, a few hard histories. So the share killed is a lower bound: most tests that reach a
module through another one are left out. The sample takes from each module in proportion.
"""

from __future__ import annotations

import argparse
import ast
import importlib.machinery
import importlib.util
import io
import json
import os
import re
import resource
import sys
from contextlib import redirect_stderr, redirect_stdout
from math import sqrt
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

import pytest
from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import CodeType, ModuleType

_ROOT = Path(__file__).parent.parent
_TESTS = _ROOT / "tests" / "scoring"
_AGREEMENT = "tests/scoring/test_oracle_agreement.py::"
_HISTORIES = [
    f"{_AGREEMENT}test_scores_of_hard_histories_are_those_of_the_oracle[{seed}]"
    for seed in (20, 33, 36)
]
_OUT = Console(highlight=False, markup=False, width=200)
#: Imported once, before processes are split off; what is mutated is not among them.
_HEAVY = ("duckdb", "holidays", "hypothesis", "msgspec", "pydantic_settings", "structlog")
#: Seconds of CPU after which a mutant counts as killed: it does not end.
_CPU_LIMIT = 120

_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Div,
    ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


class Mutant(NamedTuple):
    """One change of one module: the place-th of those that can be made."""

    module: str
    place: int
    line: int
    change: str

    @property
    def path(self) -> Path:
        """The module's file."""
        return _file(self.module)


class _Places(ast.NodeTransformer):
    """Counts the places of a tree that can be changed, and changes one."""

    def __init__(self, chosen: int = -1) -> None:
        self.chosen = chosen
        self.found: list[tuple[int, str]] = []

    def _is_chosen(self, node: ast.AST, change: str) -> bool:
        self.found.append((getattr(node, "lineno", 0), change))
        return len(self.found) - 1 == self.chosen

    def _swap(self, node: ast.AST, operator: ast.AST) -> ast.AST:
        other = _SWAPS.get(type(operator))
        if other is None:
            return operator
        change = f"{type(operator).__name__} -> {other.__name__}"
        return other() if self._is_chosen(node, change) else operator

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        # What options a class is made with (frozen, kept from the collector) is no behaviour.
        node.body = [self.visit(statement) for statement in node.body]
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        node.ops = [self._swap(node, operator) for operator in node.ops]  # type: ignore[misc]
        return self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        node.op = self._swap(node, node.op)  # type: ignore[assignment]
        return self.generic_visit(node)

    visit_BoolOp = visit_AugAssign = visit_BinOp  # type: ignore[assignment] # noqa: N815

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, bool):
            if self._is_chosen(node, f"{node.value} -> {not node.value}"):
                return ast.copy_location(ast.Constant(not node.value), node)
        elif isinstance(node.value, (int, float)) and self._is_chosen(node, f"{node.value} + 1"):
            return ast.copy_location(ast.Constant(node.value + 1), node)
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        if _is_something(node.value) and self._is_chosen(node, "return None"):
            node.value = ast.copy_location(ast.Constant(None), node.value)
            return node
        return self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        # That what is zipped is equally long is a check, and true.
        return node if node.arg == "strict" else self.generic_visit(node)

    def visit_If(self, node: ast.If | ast.IfExp) -> ast.AST:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return node
        if self._is_chosen(node, "condition negated"):
            node.test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
            return node
        return self.generic_visit(node)

    visit_IfExp = visit_If  # noqa: N815

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        if isinstance(node.op, ast.Not | ast.USub) and self._is_chosen(node, "sign dropped"):
            return node.operand
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        node.defaults = [self.visit(each) for each in node.defaults]
        node.kw_defaults = [each and self.visit(each) for each in node.kw_defaults]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.visit(node.args)
        node.body = [self.visit(each) for each in node.body]
        return node


def _is_something(value: ast.expr | None) -> TypeGuard[ast.expr]:
    return value is not None and not (isinstance(value, ast.Constant) and value.value is None)


class _Finder(importlib.machinery.SourceFileLoader):
    """Imports one module mutated."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.module, str(mutant.path))
        self._mutant = mutant

    def find_spec(
        self, fullname: str, path: object, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if fullname != self._mutant.module:
            return None
        package = self._mutant.path.name == "__init__.py"
        return importlib.util.spec_from_file_location(
            fullname,
            self._mutant.path,
            loader=self,
            submodule_search_locations=[str(self._mutant.path.parent)] if package else None,
        )

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        tree = ast.parse(self._mutant.path.read_text())
        changed = _Places(self._mutant.place).visit(tree)
        return compile(ast.fix_missing_locations(changed), str(self._mutant.path), "exec")


def sample(count: int, seed: int) -> list[Mutant]:
    """A random sample, from each module in proportion to its places, in a random order."""
    random = Random(seed)  # noqa: S311 - a seed that can be named matters, secrecy does not
    by_module = {module: list(mutants(module)) for module in _modules()}
    total = sum(map(len, by_module.values()))
    chosen: list[Mutant] = []
    for found in by_module.values():
        share = count * len(found) / total
        whole = int(share) + (random.random() < share % 1)
        chosen += random.sample(found, min(whole, len(found)))
    random.shuffle(chosen)
    return chosen


def mutants(module: str) -> Iterator[Mutant]:
    """All mutants of a module."""
    places = _Places()
    places.visit(ast.parse(_file(module).read_text()))
    for place, (line, change) in enumerate(places.found):
        yield Mutant(module, place, line, change)


def tests_of(module: str) -> list[str]:
    """The test files of the core that import a module, or its package; its own ones first.

    Those of a package with a folder of tests are all that are in it. Of a module that no test
    imports, those of the modules that do.
    """
    package, _, name = module.rpartition(".")
    around = package.rpartition(".")[2]
    folder = name if _file(module).name == "__init__.py" else around
    beside = {str(path.relative_to(_ROOT)) for path in (_TESTS / folder).glob("test_*.py")}
    found = beside.union(_importing(module, sorted(_TESTS.rglob("test_*.py")))) or {
        test
        for path in _importing(module, (_ROOT / "scoring").rglob("*.py"))
        for test in tests_of(".".join(Path(path).with_suffix("").parts))
    }
    return sorted(found, key=lambda path: (name not in path, around not in path, path))


def _importing(module: str, paths: Iterable[Path]) -> list[str]:
    """Those of the files that import a module, themselves or with what their folder shares."""
    package, _, name = module.rpartition(".")
    imports = re.compile(
        rf"(from|import) {re.escape(module)}\b"
        rf"|from {re.escape(package)} import {'.*' if package != 'scoring' else rf'.*{name}'}\b"
    )
    return [
        str(path.relative_to(_ROOT))
        for path in paths
        if any(imports.search(line) for line in _lines(path))
    ]


def _lines(path: Path) -> Iterator[str]:
    """Lines of a file, and of what it imports from folders of tests."""
    text = path.read_text()
    yield from text.splitlines()
    for folder, shared in re.findall(r"from tests\.scoring\.(\w+)\.(\w+) import", text):
        yield from (_TESTS / folder / f"{shared}.py").read_text().splitlines()


def outcome(tests: Sequence[str], mutant: Mutant | None) -> int:
    """How pytest ends in a process of its own; below zero if it was ended."""
    return _forked(lambda: _tested(tests, mutant))


def _forked(work: Callable[[], int]) -> int:
    child = os.fork()
    if child == 0:
        os._exit(work())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _tested(tests: Sequence[str], mutant: Mutant | None) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_LIMIT, _CPU_LIMIT))
    os.environ["CI"] = "1"  # the same examples for each mutant
    if mutant is not None:
        sys.meta_path.insert(0, _Finder(mutant))
    quiet = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:faulthandler", "--no-header"]
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return int(pytest.main([*quiet, *tests]))


def is_killed(mutant: Mutant, sound: dict[frozenset[str], int]) -> bool:
    """Whether a test fails for a mutant that does not fail without.

    Raises:
        RuntimeError: the tests fail without a mutant; the figures would mean nothing.
    """
    for tests in (tests_of(mutant.module), _HISTORIES):
        key = frozenset(tests)
        if key and key not in sound:
            sound[key] = outcome(tests, None)
        if key and sound[key] != 0:
            raise RuntimeError(f"{tests} fails without a mutant: mend it first")
        if key and outcome(tests, mutant) != 0:
            return True
    return False


def interval(killed: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    z, share = 1.96, killed / total
    middle = share + z * z / (2 * total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (middle - half) / (1 + z * z / total), (middle + half) / (1 + z * z / total)


def main() -> None:
    """Judge a sample; go on where the journal ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=600, help="how many (default: 600)")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (default: 1)")
    parser.add_argument("--journal", type=Path, required=True, help="outcomes, one a line")
    options = parser.parse_args()
    for name in _HEAVY:
        importlib.import_module(name)
    journal: Path = options.journal
    lines = journal.read_text().splitlines() if journal.exists() else []
    known = {(entry["module"], entry["place"]): entry for entry in map(json.loads, lines)}
    sound: dict[frozenset[str], int] = {}
    killed = total = 0
    with journal.open("a") as file:
        for mutant in sample(options.count, options.seed):
            entry = known.get((mutant.module, mutant.place))
            if entry is None:
                entry = mutant._asdict() | {"killed": is_killed(mutant, sound)}
                file.write(json.dumps(entry) + "\n")
                file.flush()
            total += 1
            killed += entry["killed"]
            if not entry["killed"]:
                _OUT.print(f"lives: {mutant.path.relative_to(_ROOT)}:{mutant.line} {mutant.change}")
            if total % 10 == 0:
                _OUT.print(f"{killed} of {total} killed")
    low, high = interval(killed, total)
    _OUT.print(f"{killed} of {total} killed: {killed / total:.1%} (95 %: {low:.1%} to {high:.1%})")


def _modules() -> list[str]:
    found = sorted((_ROOT / "scoring").rglob("*.py"))
    names = (".".join(path.relative_to(_ROOT).with_suffix("").parts) for path in found)
    return [name.removesuffix(".__init__") for name in names]


def _file(module: str) -> Path:
    path = _ROOT / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


if __name__ == "__main__":
    main()
