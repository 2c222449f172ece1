"""What the API answers, as types: the OpenAPI document is derived from them."""

from __future__ import annotations

from typing import Any

import msgspec

from scoring.alerting.alert import Alert
from scoring.kpi import Level
from scoring.score import Score
from scoring.windows import Window
from streams.feed import FeedState


class ScoresOfEntity(msgspec.Struct, frozen=True, kw_only=True):
    """The scores of one entity, one per window, shortest window first."""

    level: Level
    entity: str
    scores: list[Score]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One place of a leaderboard.

    Attributes:
        rank: 1 for the best; equal overalls, rounded to 0.1, share one; null if not ranked.
        best_rank: The best place that chance leaves open, with a probability of 80 %.
        worst_rank: The worst.
        entity: Id.
        name: Display name, if known.
        parent: Entity key of the parent now.
        score: Overall, 0 to 100; null when too little is known.
        coverage: Share of the weight that applies which had points.
        version: Version of the score.
        as_of: The moment that places the window.
    """

    rank: int | None
    best_rank: int | None
    worst_rank: int | None
    entity: str
    name: str | None
    parent: str | None
    score: float | None
    coverage: float
    version: int
    as_of: str


class Leaderboard(msgspec.Struct, frozen=True, kw_only=True):
    """Active entities of a level, best first, the unranked last.

    `unplaced`, which stands for no team and no branch, is none of them.

    Attributes:
        level: Whose.
        window: Over which window.
        parent: Below whom; null for the whole company.
        ranked: How many have a rank.
        total: How many there are, `places` may be fewer.
        places: The first of them.
    """

    level: Level
    window: Window
    parent: str | None
    ranked: int
    total: int
    places: list[Place]


class CatalogueOfKpis(msgspec.Struct, frozen=True, kw_only=True):
    """Every area and every KPI: what it is, from what, at which levels, over which windows.

    Attributes:
        kras: Areas and their weights.
        kpis: KPIs and their definitions.
        currency: ISO 4217 currency of all amounts.
        timezone: Business time zone, an IANA name: days and months begin by it.
    """

    kras: list[dict[str, Any]]
    kpis: list[dict[str, Any]]
    currency: str
    timezone: str


class Alerts(msgspec.Struct, frozen=True, kw_only=True):
    """Alerts of what got worse, firing ones first; data of `alerts` events too."""

    alerts: list[Alert]


class AlertChanges(msgspec.Struct, frozen=True, kw_only=True):
    """Data of `alert-change` events.

    Attributes:
        alerts: Alerts as they are now; each replaces the one of its id.
        removed: Ids of alerts that are no more.
    """

    alerts: list[Alert]
    removed: list[str]


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """A score that is no more."""

    level: str
    entity: str
    window: str


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """Data of `snapshot` and `change` events.

    Attributes:
        scores: Scores as they are now; each replaces the one of its level, entity and window.
        removed: Scores that are no more.
        complete: Whether this is all that is known; if not, more events of the kind follow at
            once.
    """

    scores: list[Score]
    removed: list[Removed]
    complete: bool


class Reset(msgspec.Struct, frozen=True, kw_only=True):
    """Data of a `reset` event: forget all scores, a snapshot follows."""

    reason: str


class Alive(msgspec.Struct, frozen=True, kw_only=True):
    """The process answers."""

    alive: bool = True


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the process serves, and how good what it serves is.

    Attributes:
        feed: The state of what is served.
        scores: How many scores it has.
        streams: How many streams are open.
    """

    feed: FeedState
    scores: int
    streams: int


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A problem, as RFC 9457 has it.

    Attributes:
        title: The status in words.
        status: HTTP status.
        detail: What is wrong, and what to do.
    """

    title: str
    status: int
    detail: str
