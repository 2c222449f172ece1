"""The image: no engine builds it here, so what it says is checked against the repository."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINES = (ROOT / "deploy" / "compose" / "Dockerfile").read_text().splitlines()
KEPT = {
    line.removeprefix("!")
    for line in (ROOT / ".dockerignore").read_text().splitlines()
    if line.startswith("!")
}


def instructions(name: str) -> list[list[str]]:
    return [line.split()[1:] for line in LINES if line.startswith(f"{name} ")]


def test_what_it_copies_is_there_and_reaches_the_builder() -> None:
    copied = [words[:-1] for words in instructions("COPY") if not words[0].startswith("--")]
    sources = {source for group in copied for source in group}
    assert sources == KEPT
    assert all((ROOT / source).exists() for source in sources)


def test_it_is_built_in_two_stages_and_runs_as_nobody_in_particular() -> None:
    assert [words[1:] for words in instructions("FROM")] == [["AS", "build"], []]
    assert instructions("USER") == [["10001"]]
    last = max(at for at, line in enumerate(LINES) if line.startswith("RUN "))
    assert last < LINES.index("USER 10001")


def test_what_it_installs_is_locked() -> None:
    installs = [line for line in LINES if "pip install" in line]
    assert [("--require-hashes" in line, "--no-deps" in line) for line in installs] == [
        (True, False),
        (False, True),
    ]
