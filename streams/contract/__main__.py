"""`python -m streams.contract [--check] [DIR]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from streams.contract import stale, write


def main(arguments: list[str] | None = None) -> None:
    """Write the contract or check it.

    Raises:
        SystemExit: With a message, if `--check` finds a stale file.
    """
    parser = argparse.ArgumentParser(
        prog="python -m streams.contract", description="Write the event contract, or check it."
    )
    parser.add_argument("--check", action="store_true", help="fail when a file is stale")
    parser.add_argument("directory", nargs="?", type=Path, default=Path("docs/events"))
    chosen = parser.parse_args(arguments)
    if not chosen.check:
        write(chosen.directory)
        return
    if found := stale(chosen.directory):
        sys.exit(
            f"stale in {chosen.directory}: {', '.join(found)}; run `python -m streams.contract`"
        )


if __name__ == "__main__":
    main()
