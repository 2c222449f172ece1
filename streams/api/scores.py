"""`/v1/scores` and `/v1/leaderboard`: what the board knows, as JSON."""

from __future__ import annotations

from hashlib import blake2b
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

import msgspec

from scoring.explanation import explain
from scoring.kpi import Level
from scoring.ranking import RankInterval, Siblings, ranks
from scoring.score import Score
from scoring.windows import Window
from streams.api.documents import Leaderboard, Place
from streams.api.endpoint import respond
from streams.api.problems import ProblemError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from scoring.catalogue import Catalogue
    from scoring.cells import Entity
    from streams.feed import Board, Feed, FeedState, Published

_decode = msgspec.json.Decoder(Score).decode


class ScoresQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose scores, over which window; without one over all."""

    level: Level
    entity: str
    window: Window | None = None


class ExplanationQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose overall, over which window."""

    level: Level
    entity: str
    window: Window = Window.MONTH


class LeaderboardQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which leaderboard: a level, a window, and below whom (`team:Pune A`, `branch:Pune`)."""

    level: Level = Level.EXECUTIVE
    window: Window = Window.MONTH
    parent: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 100


class _Scores(msgspec.Struct):
    """`ScoresOfEntity` with scores as they were published."""

    level: Level
    entity: str
    scores: list[msgspec.Raw]


class Scores:
    """Answers from a feed.

    Args:
        feed: The scores.
        catalogue: The KPIs that they were evaluated against.
    """

    def __init__(self, feed: Feed, catalogue: Catalogue) -> None:
        self._feed = feed
        self._catalogue = catalogue

    async def scores(self, request: Request, asked: ScoresQuestion) -> Response:
        """The scores of an entity.

        Raises:
            ProblemError: If the feed is not ready, or there is no such score.
        """
        state, found = self._ready(), self._find(asked.level, asked.entity, asked.window)
        body = _Scores(asked.level, asked.entity, [msgspec.Raw(each.raw) for each in found])
        return respond(
            request, msgspec.json.encode(body), tag=_tag(found), stale_since=state.stale_since
        )

    async def explanation(self, request: Request, asked: ExplanationQuestion) -> Response:
        """How the overall of an entity came about.

        Raises:
            ProblemError: If the feed is not ready, or there is no such score.
        """
        state, found = self._ready(), self._find(asked.level, asked.entity, asked.window)
        body = msgspec.json.encode(explain(_decode(found[0].raw), self._catalogue))
        return respond(request, body, tag=_tag(found), stale_since=state.stale_since)

    async def leaderboard(self, request: Request, asked: LeaderboardQuestion) -> Response:
        """Entities of a level, best first.

        Raises:
            ProblemError: If the feed is not ready, or the parent is not known.
        """
        state, board = self._ready(), self._feed.board
        if asked.parent is not None and board.get(f"{asked.parent}|{asked.window}") is None:
            raise ProblemError(
                HTTPStatus.NOT_FOUND,
                f"no parent {asked.parent} is known: name it like `team:Pune A` or `branch:Pune`",
            )
        body = msgspec.json.encode(leaderboard(board, asked))
        return respond(request, body, stale_since=state.stale_since)

    def _find(self, level: Level, name: str, window: Window | None) -> list[Published]:
        board, entity = self._feed.board, f"{level}:{name}"
        if window is None:
            found = board.of_entity(entity)
        else:
            one = board.get(f"{entity}|{window}")
            found = [] if one is None else [one]
        if not found:
            raise ProblemError(
                HTTPStatus.NOT_FOUND,
                f"no score of {entity} is known: check level and id; "
                f"/v1/leaderboard?level={level} lists the known ones",
            )
        return found

    def _ready(self) -> FeedState:
        state = self._feed.state
        if not state.ready:
            raise ProblemError(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"the scores are not read yet: {state.problem}",
                retry_after=1,
            )
        return state


def leaderboard(board: Board, asked: LeaderboardQuestion) -> Leaderboard:
    """The leaderboard of a board: ranked among all who are asked for, whatever their teams."""
    whole = [
        head
        for published in board.shelf(asked.level, asked.window)
        if (head := published.score).active
        and (asked.parent is None or _is_below(board, head, asked.parent))
    ]
    # Siblings share a parent: here that is whoever was asked for.
    places = ranks(msgspec.structs.replace(head, parent=asked.parent) for head in whole)
    siblings = Siblings(whole)
    placed = [(places[head.key, head.window].rank, head) for head in whole]
    placed.sort(key=lambda at: (at[0] is None, at[0] or 0, at[1].entity))
    return Leaderboard(
        level=asked.level,
        window=asked.window,
        parent=asked.parent,
        ranked=sum(rank is not None for rank, _ in placed),
        total=len(placed),
        places=[
            _place(rank, head, siblings.interval(head)) for rank, head in placed[: asked.limit]
        ],
    )


def _is_below(board: Board, head: Score, ancestor: Entity) -> bool:
    parent = head.parent
    for _ in Level:
        if parent is None or parent == ancestor:
            break
        above = board.get(f"{parent}|{head.window}")
        parent = above.score.parent if above is not None else None
    return parent == ancestor


def _place(rank: int | None, head: Score, chance: RankInterval | None) -> Place:
    best, worst = chance or (None, None)
    return Place(
        rank=rank,
        best_rank=best,
        worst_rank=worst,
        entity=head.entity,
        name=head.name,
        parent=head.parent,
        score=head.score,
        coverage=head.coverage,
        version=head.version,
        as_of=head.as_of,
    )


def _tag(found: list[Published]) -> str:
    """Names a state of some scores: the same orders are the same scores."""
    orders = "|".join(f"{each.score.window} {each.order}" for each in found)
    return blake2b(orders.encode(), digest_size=12).hexdigest()
