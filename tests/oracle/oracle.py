"""What every KPI must be, computed from the recorded events alone.

The oracle shares nothing with the product but the contract and the KPI catalogue in words: it
reads the JSON lines into DuckDB, all at once, and asks for each KPI in one SQL query.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from math import erfc, sqrt
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import ZoneInfo

import duckdb

from .reports import ACCURACY, accuracies, figures_of, period_spans
from .windows import DAY, EPOCH, Span, microseconds, midnight, spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

SQL = Path(__file__).parent / "sql"
SHIFTED = {
    "lead_generation.conversion_rate",
    "lead_generation.channel_effectiveness",
    "campaigns.digital_conversion",
}
# Values are this many times numerator / denominator.
SCALES = {"crm.nps": 100}

Key = tuple[str, str, str, str]  # kpi, level, entity, span
Figures = dict[str, Fraction | str | None]
Terms = list[tuple[int, int]]  # a sum of fractions


@dataclass(frozen=True)
class Hours:
    """When a branch works: ISO weekdays, full hours of the clock, and days off."""

    weekdays: frozenset[int] = frozenset(range(1, 6))
    opens: int = 9
    closes: int = 18
    off: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Expected:
    """One KPI of one entity over one window.

    Amounts are in major units. `value` and `previous` are None where they are undefined; else they
    are numerator / denominator, or the numerator alone where there is no denominator, rounded once
    from exact arithmetic to the nearest float; the NPS is 100 times that. Numerators, denominators
    and companions are exact.
    """

    kpi: str
    level: str
    entity: str
    window: str
    value: float | None
    numerator: Fraction
    denominator: Fraction | None
    n: int
    previous: float | None
    start: datetime
    end: datetime
    previous_full: float | None = None
    cohort_start: date | None = None
    cohort_end: date | None = None
    companions: Mapping[str, Fraction | None] = field(default_factory=dict)
    breakdown: Mapping[str, Figures] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What a KPI's query says of one entity and span."""

    numerator: Fraction
    denominator: Fraction | None
    n: int
    companions: Mapping[str, Fraction | None] = field(default_factory=dict)
    scale: int = 1

    @property
    def exactly(self) -> Fraction | None:
        if self.denominator is None:
            return self.numerator
        return self.scale * self.numerator / self.denominator if self.denominator else None

    @property
    def value(self) -> float | None:
        return None if self.exactly is None else float(self.exactly)


def expected(
    path: Path,
    *,
    as_of: datetime,
    timezone: str = "Asia/Kolkata",
    currency: str = "INR",
    maturity_days: int = 14,
    branches: Mapping[str, Hours] | None = None,
) -> list[Expected]:
    """Say what a replay of the events in a file must answer.

    Args:
        path: one event in JSON per line, in any order; lines that do not count are let be.
        as_of: places the windows; everything in the file is known, whenever it happened.
        timezone: the business time zone.
        currency: the company's currency; amounts in another do not count.
        maturity_days: the full time of a lead, in days of 24 hours.
        branches: when branches work that do so at other times than the company.
    """
    zone = ZoneInfo(timezone)
    calendars = {"": Hours(), **(branches or {})}
    found = spans(as_of, zone)
    with closing(duckdb.connect(config={"threads": 2})) as database:
        database.execute(
            "CREATE TEMP TABLE lines AS SELECT unnest(?::VARCHAR[]) AS line", [read(path)]
        )
        for name, setting in {
            "as_of_us": microseconds(as_of),
            "currency": currency,
            "maturity_days": maturity_days,
            "as_of_day": as_of.astimezone(zone).date(),
        }.items():
            database.execute(f"SET VARIABLE {name} = ?", [setting])
        database.execute(query("1_contract"))
        database.execute(query("1_contract_market"))
        database.execute(query("1_contract_of_work"))
        database.execute(query("2_events"))
        load_calendar(database, found, zone, maturity_days)
        load_business_hours(database, calendars, zone)
        database.execute(query("3_subjects"))
        database.execute(query("3_customers_and_market"))
        database.execute(query("3_work"))
        database.execute(query("4_credits"))
        add_reported_periods(database, zone, maturity_days)
        database.execute(query("6_customers_and_market"))
        load_tails(database)
        database.execute(query("7_emerging"))
        answers = dict(ask(database, [kpi for kpi in kpis() if kpi != ACCURACY]))
        judge_reports(database, answers)
        answers |= ask(database, [ACCURACY])
        breakdowns = dict(break_down(database))
    return list(assembled(answers, breakdowns, found, maturity_days))


def read(path: Path) -> list[str]:
    """The lines that are JSON objects.

    DuckDB's own parser takes NaN and trailing commas for JSON, so the standard library's decides.
    """
    return [line for line in map(decoded, path.read_bytes().split(b"\n")) if line is not None]


def decoded(line: bytes) -> str | None:
    try:
        text = line.decode()
        return text if isinstance(json.loads(text, parse_constant=refuse), dict) else None
    except (ValueError, RecursionError):
        return None


def refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


@cache
def query(name: str) -> str:
    return (SQL / f"{name}.sql").read_text()


def kpis() -> list[str]:
    """The ids of the KPIs that the oracle knows."""
    names = (path.stem for path in (SQL / "kpis").glob("*.sql"))
    return sorted(name for name in names if not name.endswith(".breakdown"))


def load_calendar(
    database: duckdb.DuckDBPyConnection, found: list[Span], zone: ZoneInfo, maturity_days: int
) -> None:
    """Fill the tables of days and spans that the queries join with."""
    today = next(span.days.last for span in found if span.days)
    columns = [spans_row(span, zone, maturity_days, today) for span in found]
    database.execute(
        """CREATE TEMP TABLE spans (
          window_name VARCHAR, role VARCHAR, span VARCHAR, start_us BIGINT, end_us BIGINT,
          daily BOOLEAN, first_day DATE, last_day DATE, trend_days INTEGER,
          cohort_start_us BIGINT, cohort_end_us BIGINT)"""
    )
    insert(database, "spans", columns)
    # Due dates lie outside the events' times, but none that counts lies outside the windows.
    bounds = """SELECT least(min(time_us), (SELECT min(start_us) FROM spans)),
      greatest(max(time_us), (SELECT max(end_us) FROM spans)) FROM events"""
    first, last = database.execute(bounds).fetchall()[0]
    days = local_days(first, last, zone)
    database.execute(
        """CREATE TEMP TABLE days AS
        SELECT unnest(?::DATE[]) AS day, unnest(?::BIGINT[]) AS start_us""",
        [days, [microseconds(midnight(day, zone)) for day in days]],
    )


def load_business_hours(
    database: duckdb.DuckDBPyConnection, calendars: Mapping[str, Hours], zone: ZoneInfo
) -> None:
    """Fill the tables of calendars, the company's without a name, and of their hours day by day."""
    database.execute(
        "CREATE TEMP TABLE calendars (calendar VARCHAR, weekdays INTEGER[], off DATE[])"
    )
    rows = [(name, sorted(at.weekdays), sorted(at.off)) for name, at in calendars.items()]
    insert(database, "calendars", rows)
    days = [day for (day,) in database.execute("SELECT day FROM days").fetchall()]
    database.execute(
        "CREATE TEMP TABLE business_hours (calendar VARCHAR, open_us BIGINT, close_us BIGINT)"
    )
    hours = [
        (name, microseconds(opened), microseconds(opened.replace(hour=at.closes)))
        for name, at in calendars.items()
        for day in days
        if day.isoweekday() in at.weekdays and day not in at.off
        for opened in [datetime(day.year, day.month, day.day, at.opens, tzinfo=zone)]
    ]
    insert(database, "business_hours", hours)


def insert(
    database: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows into a table, all at once."""
    if rows:
        holes = "(" + ", ".join("?" * len(rows[0])) + ")"
        database.execute(
            f"INSERT INTO {table} VALUES {', '.join([holes] * len(rows))}",  # noqa: S608 - our own
            [value for row in rows for value in row],
        )


def add_reported_periods(
    database: duckdb.DuckDBPyConnection, zone: ZoneInfo, maturity_days: int
) -> None:
    """Let each executive have answers over the periods that he reports on, too."""
    today = database.execute("SELECT getvariable('as_of_day')").fetchall()[0][0]
    periods = database.execute("SELECT DISTINCT period FROM reports").fetchall()
    database.execute("CREATE TEMP TABLE reported_spans AS SELECT * FROM spans LIMIT 0")
    rows = [
        spans_row(span, zone, maturity_days, today)
        for (period,) in periods
        for span in period_spans(period, zone)
    ]
    insert(database, "reported_spans", rows)
    database.execute(
        """INSERT INTO grid
        SELECT DISTINCT 'executive', r.executive, s.*
        FROM reports r JOIN reported_spans s ON s.window_name = r.period"""
    )
    for name, bound in (("horizon_first", "min(first_day)"), ("horizon_last", "max(last_day)")):
        database.execute(f"SET VARIABLE {name} = (SELECT {bound} FROM grid)")  # noqa: S608 - our own


def load_tails(database: duckdb.DuckDBPyConnection) -> None:
    """Fill the table of the standard normal's upper tails, which DuckDB has no function for."""
    found = database.execute("SELECT DISTINCT z FROM segments WHERE z IS NOT NULL").fetchall()
    database.execute("CREATE TEMP TABLE tails (z DOUBLE, p DOUBLE)")
    insert(database, "tails", [(z, erfc(z / sqrt(2)) / 2) for (z,) in found])


def judge_reports(database: duckdb.DuckDBPyConnection, answers: Mapping[Key, Answer]) -> None:
    """Fill the table of accuracies: figures against the executive's own values of the period."""
    database.execute("CREATE TEMP TABLE accuracies (report VARCHAR, accuracy BIGINT)")
    rows = database.execute("SELECT report, executive, period, figures FROM reports").fetchall()
    judged = []
    for report, executive, period, text in rows:
        figures = []
        for kpi, reported in figures_of(text):
            answer = answers.get((kpi, "executive", executive, f"{period} now"))
            figures.append((kpi, reported, answer.exactly if answer else None))
        judged += [(report, accuracy) for accuracy in accuracies(figures)]
    insert(database, "accuracies", judged)


def spans_row(span: Span, zone: ZoneInfo, maturity_days: int, today: date) -> tuple[Any, ...]:
    head = (span.window, span.role, span.name, *map(microseconds, span.slot))
    if span.days is None:
        return (*head, False, None, None, None, None, None)
    first, last = span.days.first, span.days.last
    cohort = span.days.moved_back(maturity_days + 1).slot(zone)
    # The trend leaves out as-of's day, which is not over, and what comes after it.
    trend_days = max(0, (min(last + DAY, today) - first).days)
    return (*head, True, first, last, trend_days, *map(microseconds, cohort))


def local_days(first_us: int, last_us: int, zone: ZoneInfo) -> list[date]:
    """The local days from one instant to another."""
    first, last = (
        (EPOCH + timedelta(microseconds=instant)).astimezone(zone).date()
        for instant in (first_us, last_us)
    )
    return [first + number * DAY for number in range((last - first).days + 1)]


def ask(database: duckdb.DuckDBPyConnection, asked: Iterable[str]) -> Iterator[tuple[Key, Answer]]:
    """Ask each KPI's query."""
    for kpi in asked:
        cursor = database.execute(query(f"kpis/{kpi}"))
        for level, entity, span, top, bottom, minor_units, n, *companions in cursor.fetchall():
            yield (
                (kpi, level, entity, span),
                Answer(
                    exact(top) / minor_units,
                    None if bottom is None else exact(bottom),
                    n,
                    {name: ratio(*parts) for figures in companions for name, *parts in figures},
                    SCALES.get(kpi, 1),
                ),
            )


def exact(number: int | Terms | None) -> Fraction:
    """A whole number, or a sum of fractions."""
    if isinstance(number, int):
        return Fraction(number)
    return sum((Fraction(top, bottom) for top, bottom in number or []), Fraction())


def ratio(top: float | None, bottom: int) -> Fraction | None:
    """One number by another, where there is something to divide by."""
    return Fraction(top) / Fraction(bottom) if bottom and top is not None else None


def break_down(database: duckdb.DuckDBPyConnection) -> Iterator[tuple[Key, dict[str, Figures]]]:
    """Ask each breakdown's query: figures by key, such as leads and amount by channel."""
    for path in sorted((SQL / "kpis").glob("*.breakdown.sql")):
        kpi = path.stem.removesuffix(".breakdown")
        found: dict[Key, dict[str, Figures]] = {}
        rows = database.execute(path.read_text()).fetchall()
        for level, entity, span, key, figures, *names in rows:
            part: Figures = {name: ratio(top, bottom) for name, top, bottom in figures}
            part.update(name for named in names for name in named)
            found.setdefault((kpi, level, entity, span), {})[key] = part
        yield from found.items()


def assembled(
    answers: Mapping[Key, Answer],
    breakdowns: Mapping[Key, dict[str, Figures]],
    found: Iterable[Span],
    maturity_days: int,
) -> Iterator[Expected]:
    """Put each window's answer together with those of the windows before it."""
    named = {span.name: span for span in found}
    for (kpi, level, entity, name), answer in sorted(answers.items(), key=itemgetter(0)):
        span = named.get(name)
        if span is None or span.role != "now":
            continue
        before, full = (
            answers.get((kpi, level, entity, f"{span.window} {role}"))
            for role in ("previous", "full")
        )
        cohort = span.days.moved_back(maturity_days + 1) if span.days and kpi in SHIFTED else None
        yield Expected(
            kpi=kpi,
            level=level,
            entity=entity,
            window=span.window,
            value=answer.value,
            numerator=answer.numerator,
            denominator=answer.denominator,
            n=answer.n,
            previous=before.value if before else None,
            start=span.slot.start,
            end=span.slot.end,
            previous_full=full.value if full else None,
            cohort_start=cohort.first if cohort else None,
            cohort_end=cohort.last if cohort else None,
            companions=answer.companions,
            breakdown=breakdowns.get((kpi, level, entity, name), {}),
        )
