"""Hard stories of what executives do: products, feedback, compliance, trainings, tasks and teams.

Subjects begin twice, with other content or at the same time; completions come before schedules,
without them and on the very moment they were due; due dates lie in other windows than the events;
what was sold, scheduled or due is cancelled, withdrawn or done at any time. Some are dead letters.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .generator import Event, Maker

MILLISECOND = timedelta(milliseconds=1)
AREAS = ("product", "compliance", "cross_selling", "sales", "other")
PRODUCTS = ("insurance", "card", "top-up")
CATEGORIES = ("selling", "prospecting", "follow_up", "admin", "training", "meeting", "break")
PERIODS = ("2026-02", "2026-Q1", "2026-W09", "2026-03-02")
HOURS = (0, 0.01, 0.25, 1.5, 3, 8, 999999.99)
MINUTES = (0, 1, 7, 45, 480, 1_000_000_000)
SCORES = ((0, 50), (45, 50), (30, 40), (1, 3), (5, 7), (12.5, 12.5), (0.01, 100), (99.99, 100))


def tell(maker: Maker, size: int) -> None:
    """One more thing that an executive does, or that is said of him."""
    stories = (feedback, training, task, report, product, minutes)
    others = (assessment, audit, violation, reading, initiative, team_event, dead_letter)
    maker.random.choices(stories + others, (3,) * len(stories) + (1,) * len(others))[0](maker, size)


def begun(maker: Maker, most: int = 3) -> Iterator[datetime]:
    """The times at which a subject begins: often once, else again and perhaps at the same time."""
    time = maker.moment()
    for _ in range(maker.random.choices(range(1, most + 1), (8, 2, 1)[:most])[0]):
        yield time
        time = time if maker.happens(0.4) else maker.moment()


def done(maker: Maker, due: datetime) -> Iterator[datetime]:
    """The times at which something due is done: not at all, on the moment, or at any time."""
    for _ in range(maker.random.choices((0, 1, 2), (3, 6, 2))[0]):
        edge = due + maker.random.randint(-1, 1) * MILLISECOND
        yield edge if maker.happens(0.6) else maker.moment()


def feedback(maker: Maker, size: int) -> None:
    for _ in range(maker.random.randint(1, 4)):
        response(maker, size)


def response(maker: Maker, size: int) -> None:
    kind = maker.random.choice(("nps", "nps", "service", "product", "peer", "mentor"))
    identity = f"R-{len(maker.events)}"
    for time in begun(maker):
        data: Event = {"response_id": identity, "executive_id": maker.executive()}
        if kind == "nps":
            data |= {"customer_id": maker.customer(size)}
            data["score"] = maker.random.choice((0, 5, 6, 7, 8, 9, 10))
        else:
            data["rating"] = maker.random.randint(1, 5)
        if kind == "product":
            data["product"] = maker.random.choice(PRODUCTS)
        if kind in {"peer", "mentor"} and maker.happens(0.5):
            data |= {"from_id": maker.executive(), "skill": None}
        maker.add(f"feedback.{kind}", time, data)


def assessment(maker: Maker, _size: int) -> None:
    identity = f"AS-{len(maker.events)}"
    for time in begun(maker, most=2):
        score, most = maker.random.choice(SCORES)
        data = {"assessment_id": identity, "executive_id": maker.executive()}
        maker.add("assessment.completed", time, data | {"score": score, "max_score": most})


def audit(maker: Maker, _size: int) -> None:
    identity = f"AU-{len(maker.events)}"
    for time in begun(maker, most=2):
        checks = maker.random.choice((1, 5, 20, 1_000_000))
        data: Event = {"audit_id": identity, "executive_id": maker.executive(), "checks": checks}
        data["passed"] = maker.random.choice((0, checks, maker.random.randint(0, checks)))
        maker.add("audit.completed", time, severe(maker, data))


def violation(maker: Maker, _size: int) -> None:
    kind = maker.random.choice(("violation.avoided", "violation.avoided", "violation.recorded"))
    identity = f"V-{len(maker.events)}"
    for time in begun(maker):
        data = {"violation_id": identity, "executive_id": maker.executive(), "rule": "kfs"}
        maker.add(kind, time, severe(maker, data))


def severe(maker: Maker, data: Event) -> Event:
    severity = maker.random.choice(("normal", "critical", None))
    return data | {"severity": severity} if severity or maker.happens(0.5) else data


def training(maker: Maker, _size: int) -> None:
    """Enrolments and completions: either may lack the other."""
    data = {"training_id": f"TR-{len(maker.events)}", "executive_id": maker.executive()}
    ends = deadline(maker)
    enrolled = maker.happens(0.8)
    for time in begun(maker, most=2) if enrolled else ():
        enrolment = data | {"area": maker.random.choice(AREAS), "ends_at": maker.written(ends)}
        maker.add("training.enrolled", time, enrolment)
        ends, data["executive_id"] = deadline(maker), maker.executive()
    for time in done(maker, ends) if enrolled else begun(maker, most=2):
        completion: Event = data | {"area": maker.random.choice(AREAS)}
        completion["hours"] = maker.random.choice(HOURS)
        if maker.happens(0.5):
            completion["certification"] = maker.random.choice(("KYC", "AML", "", None))
        maker.add("training.completed", time, completion)


def task(maker: Maker, _size: int) -> None:
    identity = {"task_id": f"TK-{len(maker.events)}"}
    due = deadline(maker)
    for time in begun(maker) if maker.happens(0.9) else ():
        data: Event = identity | {"executive_id": maker.executive()}
        data["due_at"] = maker.written(due)
        if maker.happens(0.7):
            data["cadence"] = maker.random.choice(("daily", "weekly", "monthly"))
        if maker.happens(0.7):
            data["priority"] = maker.happens(0.7)
        maker.add("task.scheduled", time, data)
        due = due if maker.happens(0.5) else deadline(maker)
    for time in done(maker, due):
        maker.add("task.completed", time, identity)
    if maker.happens(0.15):
        maker.add("task.withdrawn", maker.moment(), identity)


def report(maker: Maker, _size: int) -> None:
    identity, due = {"report_id": f"RP-{len(maker.events)}"}, deadline(maker)
    for time in begun(maker, most=2) if maker.happens(0.9) else ():
        data = identity | {"executive_id": maker.executive(), "due_at": maker.written(due)}
        maker.add("report.due", time, data)
        due = due if maker.happens(0.5) else deadline(maker)
    for time in done(maker, due):
        data = identity | {"executive_id": maker.executive()}
        data["period"] = maker.random.choice(PERIODS)
        figures = {"sales_targets.sales_volume": maker.amount()}
        maker.add("report.submitted", time, data | {"figures": figures})


def deadline(maker: Maker) -> datetime:
    """A time by which something is due: some are far from all that happens."""
    far = maker.random.choice((-400, 60)) if maker.happens(0.1) else 0
    return maker.moment() + timedelta(days=far)


def product(maker: Maker, size: int) -> None:
    holding, sold = {"holding_id": f"H-{len(maker.events)}"}, maker.moment()
    for time in begun(maker, most=2) if maker.happens(0.95) else ():
        data: Event = holding | {"customer_id": maker.customer(size)}
        data |= {"executive_id": maker.executive(), "product": maker.random.choice(PRODUCTS)}
        data["kind"] = maker.random.choice(("cross_sell", "up_sell"))
        maker.add("product.sold", time, data | {"revenue": maker.amount(), "currency": "INR"})
        sold = time
    if maker.happens(0.2):
        after = sold + maker.random.randint(-3, 0) * timedelta(days=1)
        maker.add("product.cancelled", after if maker.happens(0.5) else maker.moment(), holding)
    if maker.happens(0.1):
        maker.add("product.closed", maker.moment(), holding)


def minutes(maker: Maker, _size: int) -> None:
    entry = f"TL-{len(maker.events)}"
    for time in begun(maker, most=2):
        data: Event = {"entry_id": entry, "executive_id": maker.executive()}
        data["category"] = maker.random.choice(CATEGORIES)
        maker.add("time.logged", time, data | {"minutes": maker.random.choice(MINUTES)})


def reading(maker: Maker, _size: int) -> None:
    """The same executives read the same few articles again and again.

    No conflicts: what one executive and another read is hardly the same subject.
    """
    article = f"AR-{maker.random.randrange(4)}"
    for time in begun(maker):
        data = {"article_id": article, "executive_id": maker.executive()}
        maker.add("article.read", time, data, conflicts=0)


def initiative(maker: Maker, _size: int) -> None:
    identity = f"IN-{len(maker.events)}"
    for time in begun(maker):
        data: Event = {"initiative_id": identity, "participants": people(maker, 1)}
        maker.add("initiative.completed", time, data | {"successful": maker.happens(0.7)})


def team_event(maker: Maker, _size: int) -> None:
    identity = f"TE-{len(maker.events)}"
    for time in begun(maker, most=2):
        data = {
            "team_event_id": identity,
            "invited": people(maker, 1),
            "attended": people(maker, 0),
        }
        maker.add("team_event.held", time, data)


def people(maker: Maker, least: int) -> list[str]:
    """Some executives, the same perhaps twice."""
    return [maker.executive() for _ in range(maker.random.randint(least, 5))]


def dead_letter(maker: Maker, _size: int) -> None:
    """A sound event, spoiled in one place."""
    kind, data, spoiled = maker.random.choice(SPOILED)
    name, value = maker.random.choice(spoiled)
    subject, first = next(iter(data.items()))
    whole = data | {subject: f"{first}-{len(maker.events)}", "executive_id": "E-1"} | {name: value}
    if value is None and maker.happens(0.5):
        del whole[name]
    maker.add(kind, maker.moment(), whole, conflicts=0)


SPOILED: tuple[tuple[str, Event, tuple[tuple[str, object], ...]], ...] = (
    (
        "feedback.nps",
        {"response_id": "R-dead", "customer_id": "C-1", "score": 10},
        (("score", 11), ("score", -1), ("score", "10"), ("customer_id", None)),
    ),
    (
        "feedback.service",
        {"response_id": "R-dead", "rating": 5},
        (("rating", 0), ("rating", 6), ("rating", None), ("rating", True), ("executive_id", 7)),
    ),
    (
        "assessment.completed",
        {"assessment_id": "AS-dead", "score": 5, "max_score": 10},
        (("max_score", 0), ("max_score", -10), ("max_score", None), ("score", "5")),
    ),
    (
        "audit.completed",
        {"audit_id": "AU-dead", "checks": 3, "passed": 2},
        (("passed", 4), ("passed", -1), ("checks", None), ("severity", "mild")),
    ),
    (
        "training.completed",
        {"training_id": "TR-dead", "area": "product", "hours": 2},
        (("hours", -1), ("hours", 0.001), ("hours", "2"), ("area", "sports"), ("area", None)),
    ),
    (
        "training.enrolled",
        {"training_id": "TR-dead", "area": "product", "ends_at": "2026-03-10T18:00:00+05:30"},
        (("ends_at", "2026-03-10T18:00:00"), ("ends_at", None), ("ends_at", 1773120000)),
    ),
    (
        "task.scheduled",
        {"task_id": "TK-dead", "due_at": "2026-03-10T18:00:00+05:30"},
        (("due_at", "2026-03-10T18:00:00"), ("due_at", "2026-02-30T18:00:00Z"), ("due_at", None)),
    ),
    (
        "task.scheduled",
        {"task_id": "TK-dead", "due_at": "2026-03-10T18:00:00+05:30"},
        (("cadence", "hourly"), ("priority", "yes"), ("executive_id", None)),
    ),
    (
        "report.due",
        {"report_id": "RP-dead", "due_at": "2026-03-10T18:00:00+05:30"},
        (("due_at", "2026-03-10"), ("due_at", None), ("report_id", None)),
    ),
    (
        "time.logged",
        {"entry_id": "TL-dead", "category": "selling", "minutes": 60},
        (("category", "sleeping"), ("category", None), ("minutes", -1), ("minutes", None)),
    ),
    (
        "product.sold",
        {
            "holding_id": "H-dead",
            "customer_id": "C-1",
            "product": "card",
            "kind": "up_sell",
            "revenue": 500,
            "currency": "INR",
        },
        (("kind", "gift"), ("revenue", -1), ("currency", "USD"), ("product", None)),
    ),
    (
        "initiative.completed",
        {"initiative_id": "IN-dead", "participants": ["E-1"], "successful": True},
        (
            ("participants", "E-1"),
            ("participants", ["E-1", None]),
            ("participants", ["E-1", ""]),
            ("successful", None),
        ),
    ),
    (
        "team_event.held",
        {"team_event_id": "TE-dead", "invited": ["E-1"], "attended": ["E-1"]},
        (("invited", None), ("attended", "E-1"), ("attended", [None])),
    ),
)
