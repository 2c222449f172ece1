"""How a board looks in a terminal of 80 columns or more: a pure function of it and the time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from scoring.kpi import Level
from scoring.windows import Window
from streams.watch.figures import UNDEFINED, figure, percent, points, span, whole

if TYPE_CHECKING:
    from rich.console import RenderableType

    from scoring.events import Micros
    from scoring.score import Score
    from streams.watch.board import Board

_VOLUME = "sales_targets.sales_volume"
_PERIOD = "sales_targets.conversion_rate"
_COHORT = "lead_generation.conversion_rate"
_QUALIFIED = "lead_generation.qualified_leads"

_TITLES = {
    Window.HOUR: "last hour",
    Window.DAY_ROLLING: "last 24 hours",
    Window.WEEK_ROLLING: "last 7 days",
    Window.FOUR_WEEKS_ROLLING: "last 28 days",
    Window.DAY: "today",
    Window.WEEK: "this week",
    Window.MONTH: "this month",
    Window.QUARTER: "this quarter",
}
_BAR = 24
_NAME, _TEAM = 19, 13
_STRONG, _FAIR = 75, 50


def render(board: Board, now: Micros, limit: int = 15, news: str | None = None) -> RenderableType:
    """The board as it looks at a moment.

    Args:
        board: What is known.
        now: The present moment, for ages.
        limit: How many executives, and how many teams, are shown at most.
        news: What else is to be known now.
    """
    parts: list[RenderableType] = [_header(board, now, news)]
    teams, executives = board.ranked(Level.TEAM), board.ranked(Level.EXECUTIVE)
    if teams:
        parts.append(_teams(board, teams, limit))
    if executives:
        parts.append(_executives(board, executives, limit))
    return Group(*parts)


def _header(board: Board, now: Micros, news: str | None) -> Panel:
    lines = [] if board.company is None else _company(board, board.company)
    lines.append(_state(board, now))
    if board.unreadable:
        lines.append(
            Text(
                f"{board.unreadable:,} records could not be read: is this Salesbell older than "
                "its workers?",
                "yellow",
            )
        )
    if news is not None:
        lines.append(Text(news, "bold yellow"))
    lost = board.unreachable_since is not None
    title = Text(f" Salesbell, {_TITLES[board.window]} ", "bold")
    return Panel(Group(*lines), title=title, title_align="left", border_style="red" if lost else "")


def _company(board: Board, company: Score) -> list[Text]:
    attained = figure(company, _VOLUME, "attainment")
    last = datetime.fromisoformat(company.end) - timedelta(microseconds=1)
    head = Text.assemble(
        "Company score ",
        (points(company.score), f"bold {_colour(company.score)}"),
        f"   {company.start[:10]} to {last:%Y-%m-%d}",
    )
    volume = Text.assemble(
        "Volume ",
        (f"{whole(figure(company, _VOLUME), board.currency)} {board.currency}", "bold"),
        "  ",
        *_bar(attained),
        f" {percent(attained, 0)} of target",
    )
    counts = Text.assemble(
        f"Leads {whole(figure(company, _PERIOD, 'denominator'))}",
        f"   Loans {whole(figure(company, _VOLUME, 'n'))}",
        f"   Loans per lead {percent(figure(company, _PERIOD))}",
        f"   Cohort conversion {percent(figure(company, _COHORT))}",
    )
    return [head, volume, counts]


def _bar(share: float | None) -> list[tuple[str, str]]:
    filled = round(min(max(share or 0.0, 0.0), 1.0) * _BAR)
    return [("━" * filled, "green"), ("─" * (_BAR - filled), "dim")]


def _state(board: Board, now: Micros) -> Text:
    if board.unreachable_since is not None:
        away = span(now - board.unreachable_since)
        stale = "what is shown is old" if board.changed_at is not None else "nothing is known yet"
        return Text(f"Broker unreachable for {away}: {stale}", "bold red")
    if board.changed_at is None:
        return Text("No scores yet: they come when a worker has read its first events", "yellow")
    return Text(f"Last change {span(now - board.changed_at)} ago", "dim")


def _teams(board: Board, teams: list[tuple[int | None, Score]], limit: int) -> Table:
    table = _table(f"Teams ({len(teams)})")
    table.add_column("#", justify="right", width=3)
    table.add_column("Team", width=_NAME, no_wrap=True)
    for heading, width in (
        *(("Score", 5), (board.currency, 14), ("Target", 7), ("Loans", 5)),
        *(("Qual.", 5), ("Conv.", 7)),
    ):
        table.add_column(heading, justify="right", width=width, no_wrap=True)
    for rank, team in teams[:limit]:
        table.add_row(
            _place(rank),
            escape(team.entity),
            Text(points(team.score), _colour(team.score)),
            whole(figure(team, _VOLUME), board.currency),
            percent(figure(team, _VOLUME, "attainment"), 0),
            whole(figure(team, _VOLUME, "n")),
            whole(figure(team, _QUALIFIED)),
            percent(figure(team, _COHORT)),
        )
    return table


def _executives(board: Board, executives: list[tuple[int | None, Score]], limit: int) -> Table:
    table = _table(f"Executives ({min(limit, len(executives))} of {len(executives)})")
    table.add_column("#", justify="right", width=3)
    table.add_column("Executive", width=_NAME, no_wrap=True)
    table.add_column("Team", width=_TEAM, no_wrap=True)
    for heading, width in (
        *(("Score", 5), (board.currency, 12), ("", 1)),
        *(("Loans", 5), ("Qual.", 5), ("Conv.", 6)),
    ):
        table.add_column(heading, justify="right", width=width, no_wrap=True)
    for rank, executive in executives[:limit]:
        table.add_row(
            _place(rank),
            escape(executive.name or executive.entity),
            escape(board.team_of(executive) or UNDEFINED),
            Text(points(executive.score), _colour(executive.score)),
            whole(figure(executive, _VOLUME), board.currency),
            _arrow(figure(executive, _VOLUME, "change")),
            whole(figure(executive, _VOLUME, "n")),
            whole(figure(executive, _QUALIFIED)),
            percent(figure(executive, _COHORT)),
        )
    return table


def _table(title: str) -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=0,
        pad_edge=False,
    )


def _place(rank: int | None) -> str:
    return UNDEFINED if rank is None else str(rank)


def _arrow(change: float | None) -> Text:
    """Volume against the same part of the period before."""
    if change is None:
        return Text(UNDEFINED)
    if change == 0:
        return Text("=")
    return Text("▲", "green") if change > 0 else Text("▼", "red")


def _colour(score: float | None) -> str:
    if score is None:
        return "dim"
    return "green" if score >= _STRONG else "yellow" if score >= _FAIR else "red"
