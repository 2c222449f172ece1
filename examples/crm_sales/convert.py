"""Turn the CRM Sales Opportunities data set into Salesbell events.

Reads the four tables next to this file and writes one CloudEvent per line, in the order of time,
source and id. The output depends on nothing but the tables: every run gives the same bytes, and
every event keeps its id, so that sending it twice counts once.

    python examples/crm_sales/convert.py > crm.jsonl

README.md says how the columns map to events, and what the data set does not have.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

HERE = Path(__file__).resolve().parent
ZONE = ZoneInfo("Asia/Kolkata")
BUSINESS_TIME = time(10)  # the tables carry dates alone
PLACED_ON = date(2016, 10, 1)  # before the first opportunity, 20 October 2016
CURRENCY = "INR"
PIPELINE_SOURCE = "/crm/sales-pipeline"
TEAMS_SOURCE = "/crm/sales-teams"

Row: TypeAlias = dict[str, str]
Event: TypeAlias = dict[str, object]


@dataclass(frozen=True)
class Ids:
    """Opaque ids of the people, teams, branches and accounts, numbered in the order of name."""

    executives: dict[str, str]
    teams: dict[str, str]
    branches: dict[str, str]
    customers: dict[str, str]


def main(arguments: list[str] | None = None) -> None:
    """Write the events to `--output` or to standard output, and a summary to standard error."""
    parser = argparse.ArgumentParser(description="CRM Sales Opportunities as Salesbell events")
    parser.add_argument("--output", type=Path, help="file to write (default: standard output)")
    output: Path | None = parser.parse_args(arguments).output
    pipeline = rows("sales_pipeline")
    found = events(pipeline, rows("sales_teams"), rows("accounts"))
    with output.open("w", encoding="utf-8") if output else nullcontext(sys.stdout) as lines:
        for event in found:
            lines.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n")
    left_out = sum(not row["engage_date"] for row in pipeline)
    print(
        f"{len(found)} events; {left_out} of {len(pipeline)} opportunities left out: "
        "no engage_date, so no moment at which the lead began",
        file=sys.stderr,
    )


def rows(table: str) -> list[Row]:
    """Read one table, every value as text."""
    with gzip.open(HERE / f"{table}.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def events(pipeline: list[Row], teams: list[Row], accounts: list[Row]) -> list[Event]:
    """Build all events of the data set, by time, then source and id."""
    ids = Ids(
        executives=numbered("E", (row["sales_agent"] for row in teams)),
        teams=numbered("T", (row["manager"] for row in teams)),
        branches=numbered("B", (row["regional_office"] for row in teams)),
        customers=numbered("C", (row["account"] for row in accounts)),
    )
    sectors = {row["account"]: row["sector"] for row in accounts}
    found = [placement(row, ids) for row in teams]
    for row in pipeline:
        if row["engage_date"]:
            found.extend(opportunity(row, ids, sectors))
    return sorted(found, key=lambda event: (event["time"], event["source"], event["id"]))


def numbered(prefix: str, names: Iterable[str]) -> dict[str, str]:
    """Give each distinct name an id such as `E-01`."""
    distinct = sorted(set(names))
    width = len(str(len(distinct)))
    return {name: f"{prefix}-{number:0{width}}" for number, name in enumerate(distinct, start=1)}


def placement(row: Row, ids: Ids) -> Event:
    """Place the agent in the manager's team and regional office before the first lead."""
    executive = ids.executives[row["sales_agent"]]
    data = {
        "executive_id": executive,
        "team_id": ids.teams[row["manager"]],
        "branch_id": ids.branches[row["regional_office"]],
        "valid_from": PLACED_ON.isoformat(),
        "display_name": row["sales_agent"],
    }
    return event("executive.placed", PLACED_ON, TEAMS_SOURCE, f"{executive}-1", data)


def opportunity(row: Row, ids: Ids, sectors: dict[str, str]) -> Iterator[Event]:
    """Create the lead and, if it was closed, say how it ended.

    The ids number the steps (`-1-created`, `-2-lost`): events of one subject at one instant are
    taken in the order of (source, id), so a lead closed on its first day is still created first.
    """
    number = row["opportunity_id"]
    lead, account = f"L-{number}", row["account"]
    executive = ids.executives[row["sales_agent"]]
    created: dict[str, object] = {"lead_id": lead, "channel": "other", "executive_id": executive}
    if account:
        created |= {"customer_id": ids.customers[account], "segment": sectors[account]}
    engaged = day(row, "engage_date")
    yield event("lead.created", engaged, PIPELINE_SOURCE, f"{number}-1-created", created)
    if row["deal_stage"] == "Won":
        loan = f"LN-{number}"
        disbursed = {
            "loan_id": loan,
            "lead_id": lead,
            # An unnamed buyer is one of a kind: never a repeat customer, never lost as a sale.
            "customer_id": ids.customers[account] if account else f"C-{number}",
            "executive_id": executive,
            "amount": int(row["close_value"]),
            "currency": CURRENCY,
        }
        closed = day(row, "close_date")
        yield event("sale.disbursed", closed, PIPELINE_SOURCE, f"{number}-2-won", disbursed)
    elif row["deal_stage"] == "Lost":
        closed = day(row, "close_date")
        yield event("lead.lost", closed, PIPELINE_SOURCE, f"{number}-2-lost", {"lead_id": lead})


def day(row: Row, column: str) -> date:
    """Read a date written as month/day/year.

    Raises:
        ValueError: the date is missing or not of that form.

    """
    try:
        return datetime.strptime(row[column], "%m/%d/%Y").replace(tzinfo=ZONE).date()
    except ValueError as error:
        raise ValueError(
            f"sales_pipeline.csv.gz, opportunity {row['opportunity_id']}: {column} is "
            f"{row[column]!r}; correct it to month/day/year"
        ) from error


def event(kind: str, on: date, source: str, identity: str, data: Mapping[str, object]) -> Event:
    """Wrap data, whose first field is the subject's id, as an event at 10:00 of a day."""
    return {
        "specversion": "1.0",
        "id": identity,
        "source": source,
        "type": kind,
        "subject": next(iter(data.values())),
        "time": datetime.combine(on, BUSINESS_TIME, ZONE).isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }


if __name__ == "__main__":
    main()
