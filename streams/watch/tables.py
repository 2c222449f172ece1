"""The tables of a board: teams and executives with their places, best first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich import box
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from scoring.kpi import Level
from scoring.panes import UNPLACED
from scoring.ranking import Siblings
from streams.watch.figures import UNDEFINED, figure, percent, points, whole

if TYPE_CHECKING:
    from scoring.ranking import RankInterval
    from scoring.score import Score
    from streams.watch.board import Board

VOLUME = "sales_targets.sales_volume"
COHORT = "lead_generation.conversion_rate"
_QUALIFIED = "lead_generation.qualified_leads"

#: Blue is fine and yellow is not, for whoever cannot tell red from green; an arrow says it too.
FINE, POOR = "cyan", "yellow"
_STRONG, _FAIR = 75, 50

#: Lines of a table that are no row: its title, the headings and the rule below.
HEAD_ROWS = 3
LEGEND = "Luck: places left open by luck alone (80 %).  ▲ ▼: volume on the period before"

_COLUMNS = 80
_NAME, _TEAM = 16, 12
_WIDEST_NAME, _WIDEST_TEAM = 30, 24
#: By how much the teams' table is narrower than the executives' but for the name.
_SLACK = 4


@dataclass(frozen=True)
class Size:
    """How much there is room for.

    Attributes:
        columns: Columns of the terminal.
        rows: How many entities are shown.
    """

    columns: int
    rows: int

    @property
    def name(self) -> int:
        """Columns for a name."""
        return min(_NAME + max(0, self.columns - _COLUMNS) // 2, _WIDEST_NAME)

    @property
    def team(self) -> int:
        """Columns for the name of an executive's team."""
        return min(_TEAM + max(0, self.columns - _COLUMNS) // 2, _WIDEST_TEAM)


def teams(board: Board, size: Size) -> Table:
    """The teams, with what they sold of their target to date."""
    placed = board.ranked(Level.TEAM)
    siblings = Siblings(team for _, team in placed)
    table = _table("Teams", size.rows, len(placed))
    _add_places(table, "Team", size.name + _SLACK)
    _add_figures(
        table,
        *(("Score", 5), (board.currency, 14), ("To date", 7), ("Loans", 5)),
        *(("Qual.", 5), ("Conv.", 7)),
    )
    for rank, team in placed[: size.rows]:
        table.add_row(
            _place(rank),
            _chances(siblings.interval(team)),
            escape(team.entity),
            _score(team),
            whole(figure(team, VOLUME), board.currency),
            percent(figure(team, VOLUME, "attainment"), 0),
            *_work(team),
        )
    return table


def executives(board: Board, size: Size) -> Table:
    """The executives, with their teams."""
    placed = board.ranked(Level.EXECUTIVE)
    siblings = Siblings(executive for _, executive in placed)
    table = _table("Executives", size.rows, len(placed))
    _add_places(table, "Executive", size.name)
    table.add_column("Team", width=size.team, no_wrap=True)
    _add_figures(
        table,
        *(("Score", 5), (board.currency, 12), ("", 1)),
        *(("Loans", 5), ("Qual.", 5), ("Conv.", 6)),
    )
    for rank, executive in placed[: size.rows]:
        table.add_row(
            _place(rank),
            _chances(siblings.interval(executive)),
            escape(short_name(executive.name or executive.entity, size.name)),
            escape(_team_of(board, executive)),
            _score(executive),
            whole(figure(executive, VOLUME), board.currency),
            _arrow(figure(executive, VOLUME, "change")),
            *_work(executive),
        )
    return table


def _work(score: Score) -> tuple[str, str, str]:
    """Loans, qualified leads and the conversion of the cohort."""
    loans, qualified = figure(score, VOLUME, "n"), figure(score, _QUALIFIED)
    return whole(loans), whole(qualified), percent(figure(score, COHORT))


def short_name(full: str, columns: int) -> str:
    """A person's name; where it is too long the words in the middle are initials.

    >>> short_name("Lakshmi Venkataraghavan Iyer", 16)
    'Lakshmi V. Iyer'
    >>> short_name("Lakshmi Iyer", 5)
    'Lakshmi Iyer'
    """
    first, *middle, last = full.split() if " " in full else (full, "")
    if len(full) <= columns or not middle:
        return full
    return " ".join([first, *(f"{word[0]}." for word in middle), last])


def colour(score: float | None) -> str:
    """The colour of a score."""
    if score is None:
        return "dim"
    return FINE if score >= _STRONG else "" if score >= _FAIR else POOR


def _table(title: str, rows: int, known: int) -> Table:
    shown = f"{rows} of {known}" if rows < known else str(known)
    return Table(
        title=f"{title} ({shown})",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=0,
        pad_edge=False,
        show_edge=False,
    )


def _add_places(table: Table, name: str, width: int) -> None:
    table.add_column("#", justify="right", width=3)
    table.add_column("Luck", min_width=6, no_wrap=True)
    table.add_column(name, width=width, no_wrap=True)


def _add_figures(table: Table, *headings: tuple[str, int]) -> None:
    for heading, width in headings:
        table.add_column(heading, justify="right", width=width, no_wrap=True)


def _team_of(board: Board, executive: Score) -> str:
    team = board.team_of(executive)
    return UNDEFINED if team in {"", UNPLACED} else team


def _place(rank: int | None) -> str:
    return UNDEFINED if rank is None else str(rank)


def _chances(interval: RankInterval | None) -> Text:
    """The places that chance leaves open, if there is more than one."""
    if interval is None or interval.best == interval.worst:
        return Text()
    return Text(f"{interval.best}\N{EN DASH}{interval.worst}", "dim")


def _score(score: Score) -> Text:
    return Text(points(score.score), colour(score.score))


def _arrow(change: float | None) -> Text:
    """Volume against the same part of the period before."""
    if change is None:
        return Text(UNDEFINED)
    if change == 0:
        return Text("=")
    return Text("▲", FINE) if change > 0 else Text("▼", POOR)
