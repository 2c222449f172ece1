"""How a board looks in a terminal of 80 columns or more: a pure function of it and the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from scoring.calendar import SECOND
from scoring.kpi import Level
from scoring.windows import Window
from streams.watch.figures import figure, percent, points, span, whole
from streams.watch.tables import (
    COHORT,
    FINE,
    HEAD_ROWS,
    LEGEND,
    VOLUME,
    Size,
    colour,
    executives,
    teams,
)

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

    from scoring.events import Micros
    from scoring.score import Score
    from streams.watch.board import Board

_PERIOD = "sales_targets.conversion_rate"

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
#: A worker publishes every score at least every five minutes.
_QUIET = 6 * 60 * SECOND
_BAR = 24
_LEAST_ROWS = 3
#: Lines besides the header and the rows: two tables' heads, a blank line, and the legend.
_FIXED_ROWS = 2 * HEAD_ROWS + 2


@dataclass(frozen=True)
class View:
    """The board as it looks at a moment, as large as there is room for.

    Args:
        board: What is known.
        now: The present moment, for ages.
        limit: How many executives, and how many teams, are shown at most.
        news: What else is to be known now.
        height: Lines that there is room for; None for as many as it takes.
        source: Where it comes from, for the foot of the header's frame.
    """

    board: Board
    now: Micros
    limit: int = 15
    news: str | None = None
    height: int | None = None
    source: str | None = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render it; where there is little room, teams get a third of it, executives the rest."""
        header = _header(self.board, self.now, self.news, self.source)
        yield header
        known = {level: len(self.board.ranked(level)) for level in (Level.TEAM, Level.EXECUTIVE)}
        wanted = {level: min(self.limit, count) for level, count in known.items()}
        shown_teams, shown_executives = wanted[Level.TEAM], wanted[Level.EXECUTIVE]
        if self.height is not None:
            room = self.height - len(console.render_lines(header, options)) - _FIXED_ROWS
            shown_teams = min(shown_teams, max(_LEAST_ROWS, room // 3, room - shown_executives))
            shown_executives = min(shown_executives, max(_LEAST_ROWS, room - shown_teams))
        if shown_teams:
            yield teams(self.board, Size(options.max_width, shown_teams))
        if shown_executives:
            yield Text()
            yield executives(self.board, Size(options.max_width, shown_executives))
        if shown_teams or shown_executives:
            yield Text(LEGEND, "dim")


def _header(board: Board, now: Micros, news: str | None, source: str | None) -> Panel:
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
    return Panel(
        Group(*lines),
        title=title,
        title_align="left",
        subtitle=None if source is None else Text(f" {source} ", "dim"),
        subtitle_align="left",
        border_style="red" if lost else "",
    )


def _company(board: Board, company: Score) -> list[Text]:
    attained = figure(company, VOLUME, "attainment")
    last = datetime.fromisoformat(company.end) - timedelta(microseconds=1)
    head = Text.assemble(
        "Company score ",
        (points(company.score), f"bold {colour(company.score)}"),
        f"   {company.start[:10]} to {last:%Y-%m-%d}",
    )
    volume = Text.assemble(
        "Volume ",
        (f"{whole(figure(company, VOLUME), board.currency)} {board.currency}", "bold"),
        "  ",
        *_bar(attained),
        f" {percent(attained, 0)} of target to date",
    )
    counts = Text.assemble(
        f"Leads {whole(figure(company, _PERIOD, 'denominator'))}",
        f"   Loans {whole(figure(company, VOLUME, 'n'))}",
        f"   Loans per lead {percent(figure(company, _PERIOD))}",
        f"   Cohort conversion {percent(figure(company, COHORT))}",
    )
    return [head, volume, counts]


def _bar(share: float | None) -> list[tuple[str, str]]:
    filled = round(min(max(share or 0.0, 0.0), 1.0) * _BAR)
    return [("━" * filled, FINE), ("─" * (_BAR - filled), "dim")]


def _state(board: Board, now: Micros) -> Text:
    if board.unreachable_since is not None:
        away = span(now - board.unreachable_since)
        stale = "what is shown is old"
        if board.changed_at is None:
            stale = "nothing is known yet. Start it, or set SALESBELL_BROKER"
        return Text(f"Broker unreachable for {away}: {stale}", "bold red")
    if board.problem is not None:
        return Text(f"No scores: {board.problem}", "yellow")
    if board.changed_at is None:
        return Text("No scores yet: they come when a worker has read its first events", "yellow")
    quiet = now - board.changed_at
    if quiet > _QUIET:
        return Text(f"Last change {span(quiet)} ago: is the worker running?", "yellow")
    return Text(f"Last change {span(quiet)} ago", "dim")
