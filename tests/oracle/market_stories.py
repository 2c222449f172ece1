"""Hard stories of customers, the market, inquiries, techniques, insights, targets and reports.

Mixed into the histories of `generator`: loans and products that end and begin at one moment, on the
edges of windows, before they begin; referrals by customers who were none at the time; insights
applied before they are recorded; techniques applied before they are learned; answers before their
inquiries; overlapping targets and sizes of months, quarters and years; reports on any period.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from .generator import Event, Maker

DAY = timedelta(days=1)
BANDS = {
    "age_band": ("18-24", "25-34", "35-44", "45-54"),
    "income_band": ("25k-50k", "50k-75k", "75k-100k"),
    "employment": ("salaried", "self_employed", "retired"),
    "city_tier": ("1", "2", "3"),
}
PREFERENCES = {
    "purpose": ("wedding", "medical", "home", "travel"),
    "tenure": ("12m", "24m", "36m"),
    "repayment": ("emi", "bullet"),
    "contact": ("phone", "mail", "chat", "in_person"),
}
SEGMENTS = ("students", "salaried", "nri", "gig")
PERIODS = ("2025-10", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04")
QUARTERS = ("2025-Q4", "2026-Q1", "2026-Q2")
REPORTED = (*PERIODS, *QUARTERS, "2026-W01", "2026-W12", "2026-W13", "2026-W14", "2026-01-01",
            "2026-03-02", "2026-03-24", "2026-03-31", "2026-04-01")  # fmt: skip
VOLUME = "sales_targets.sales_volume"
KPIS = (
    "lead_generation.qualified_leads", "lead_generation.conversion_rate",
    "lead_generation.lead_quality", "lead_generation.channel_effectiveness", VOLUME,
    "sales_targets.conversion_rate", "sales_targets.average_deal_size",
    "sales_targets.repeat_customers", "crm.nps", "crm.retention_rate", "crm.referrals",
    "crm.service_rating", "compliance.knowledge_score", "compliance.audit_result",
    "compliance.violations_avoided", "compliance.training_hours", "market.share",
    "market.customer_preferences", "market.emerging_segments", "market.insight_utilisation",
    "reporting.accuracy", "reporting.timeliness", "reporting.target_attainment",
    "reporting.sales_trend", "cross_selling.penetration", "cross_selling.revenue",
    "cross_selling.product_satisfaction", "cross_selling.training_hours",
    "time_management.schedule_adherence", "time_management.priority_completion",
    "time_management.revenue_time", "time_management.turnaround_reduction",
    "development.training_participation", "development.mentor_rating",
    "development.techniques_implemented", "development.readings",
    "collaboration.team_vs_individual", "collaboration.peer_rating",
    "collaboration.joint_initiatives", "collaboration.team_building", "campaigns.digital_leads",
    "campaigns.digital_conversion", "campaigns.cost_per_lead", "campaigns.lead_growth",
)  # fmt: skip


def begin(maker: Maker, size: int) -> None:
    """Reference data, and in a history that is large enough segments large enough to judge."""
    for _ in range(1 + size // 100):
        targeted(maker)
        sized(maker, maker.random.choice((*PERIODS, *QUARTERS)))
    if maker.happens(0.8):
        for branch in ("B-1", "B-2", None):
            sized(maker, "2026-Q1", branch)
    for _ in range(2 + size // 15):
        target(maker)
    if size >= 300:
        wave(maker)


def story(maker: Maker, size: int) -> None:
    """One more thing that happens."""
    tell = maker.random.choices(
        (customer, inquiries, insight, technique, report, dead_letter), (6, 3, 3, 3, 5, 1)
    )[0]
    tell(maker, size)


def details(maker: Maker, size: int) -> Event:
    """What a lead may state beyond the need."""
    data: Event = {}
    if maker.happens(0.6):
        data["segment"] = maker.random.choice(SEGMENTS)
    if maker.happens(0.3):
        data["referred_by"] = maker.customer(size) if maker.happens(0.9) else "C-unknown"
    for name, bands in BANDS.items():
        if maker.happens(0.5):
            data[name] = maker.random.choice(bands) if maker.happens(0.95) else None
    if maker.happens(0.6):
        stated = maker.random.sample(tuple(PREFERENCES), k=maker.random.randint(0, 4))
        data["preferences"] = {name: maker.random.choice(PREFERENCES[name]) for name in stated}
        data["preferences"]["colour"] = "blue"
        if maker.happens(0.1):
            data["preferences"]["purpose"] = None
    return data


def customer(maker: Maker, size: int) -> None:
    """A customer with several loans and products, which begin and end at a few shared moments."""
    name = maker.customer(size)
    moments = sorted(maker.moment() for _ in range(maker.random.randint(2, 4)))
    for _ in range(maker.random.randint(1, 3)):
        begun, ended = maker.random.choice(moments), maker.random.choice(moments)
        if maker.happens(0.7):
            begun, ended = min(begun, ended), max(begun, ended)
        if maker.happens(0.6):
            loan(maker, name, begun, ended)
        else:
            product(maker, name, begun, ended)
    if maker.happens(0.5):
        data: Event = {"lead_id": f"L-{len(maker.events)}", "channel": "referral"}
        data |= {"executive_id": maker.executive(), "referred_by": name}
        maker.add("lead.created", maker.random.choice(moments), data)


def loan(maker: Maker, name: str, begun: datetime, ended: datetime) -> None:
    maker.loans += 1
    loan_id = f"LN-{maker.loans}"
    data: Event = {"loan_id": loan_id, "customer_id": name, "executive_id": maker.executive()}
    maker.add("sale.disbursed", begun, data | {"amount": maker.amount(), "currency": "INR"})
    if maker.happens(0.7):
        closing: Event = {"loan_id": loan_id}
        reason = maker.random.choice(("matured", "foreclosed", "written_off", None))
        if reason or maker.happens(0.5):
            closing["reason"] = reason
        maker.add("loan.closed", ended, closing)
        if maker.happens(0.2):
            again = maker.random.choice((ended, maker.moment()))
            maker.add("loan.closed", again, {"loan_id": loan_id, "reason": "matured"})
    if maker.happens(0.08):
        maker.add("sale.cancelled", maker.moment(), {"loan_id": loan_id})


def product(maker: Maker, name: str, begun: datetime, ended: datetime) -> None:
    holding = f"H-{len(maker.events)}"
    for _ in range(maker.random.choices((0, 1, 2), (1, 12, 1))[0]):
        data: Event = {"holding_id": holding, "customer_id": name}
        data |= {"executive_id": maker.executive(), "product": maker.random.choice("ABC")}
        data |= {"kind": maker.random.choice(("cross_sell", "up_sell"))}
        maker.add("product.sold", begun, data | {"revenue": maker.amount(), "currency": "INR"})
    if maker.happens(0.5):
        maker.add("product.closed", ended, {"holding_id": holding})
    if maker.happens(0.1):
        maker.add("product.cancelled", maker.moment(), {"holding_id": holding})


def inquiries(maker: Maker, _size: int) -> None:
    """Inquiries that one executive answers first, in windows that follow each other."""
    executive, opened = maker.executive(), maker.moment()
    for _ in range(maker.random.randint(1, 4)):
        inquiry(maker, executive, maker.bounded(opened))
        opened -= maker.random.choice((0, 1, 7, 28, 31)) * DAY


def inquiry(maker: Maker, executive: str, opened: datetime) -> None:
    """An inquiry that may be answered late, twice, over nights and weekends, or before it came."""
    name = f"Q-{len(maker.events)}"
    if maker.happens(0.4):
        opened = opened.replace(hour=maker.random.choice((8, 9, 17, 18)), minute=0, second=0)
    for number in range(maker.random.choices((0, 1, 2), (1, 16, 2))[0]):
        data: Event = {"inquiry_id": name}
        if maker.happens(0.5):
            data["executive_id"] = maker.executive()
        maker.add("inquiry.opened", maker.moment() if number else opened, data)
    for number in range(maker.random.choices((0, 1, 2), (1, 5, 3))[0]):
        answered = opened + maker.random.choice((
            timedelta(0), timedelta(minutes=maker.random.randrange(600)),
            timedelta(hours=maker.random.randrange(-4, 200)), timedelta(days=9, milliseconds=1),
        ))  # fmt: skip
        data = {"inquiry_id": name, "executive_id": maker.executive() if number else executive}
        maker.add("inquiry.answered", maker.bounded(answered), data)


def insight(maker: Maker, _size: int) -> None:
    name, recorded = f"I-{len(maker.events)}", maker.moment()
    for number in range(maker.random.choices((0, 1, 2), (1, 12, 2))[0]):
        data: Event = {"insight_id": name, "executive_id": maker.executive(), "kind": "need"}
        if maker.happens(0.6):
            expires = maker.random.choice((maker.moment(), recorded + 9 * DAY))
            data["expires_at"] = maker.written(expires)
        maker.add("insight.recorded", maker.moment() if number else recorded, data)
    for _ in range(maker.random.choices((0, 1, 2, 3), (2, 4, 3, 1))[0]):
        applied = maker.random.choice((maker.moment(), recorded + DAY, recorded - DAY))
        data = {"insight_id": name, "executive_id": maker.executive(), "lead_id": "L-1"}
        maker.add("insight.applied", maker.bounded(applied), data)


def technique(maker: Maker, _size: int) -> None:
    """A technique learned and applied: few names, so that the same come again."""
    data: Event = {"technique_id": f"TQ-{maker.random.randrange(8)}"}
    data["executive_id"] = maker.executive()
    learned = maker.moment()
    if maker.happens(0.8):
        maker.add("technique.learned", learned, data, conflicts=0)
    for _ in range(maker.random.choices((0, 1, 2), (3, 5, 2))[0]):
        applied = maker.random.choice((learned, learned - DAY, learned + 5 * DAY, maker.moment()))
        maker.add("technique.applied", maker.bounded(applied), data, conflicts=0)


def report(maker: Maker, _size: int) -> None:
    name = f"RP-{len(maker.events)}"
    for _ in range(maker.random.choices((1, 2), (6, 1))[0]):
        data: Event = {"report_id": name, "executive_id": maker.executive()}
        data["period"] = maker.random.choice(REPORTED)
        told = maker.random.sample(KPIS, k=maker.random.randint(0, 6))
        told += [VOLUME] * maker.happens(0.5)
        data["figures"] = {kpi: figure(maker) for kpi in told}
        if maker.happens(0.1):
            data["figures"]["market.weather"] = 21.5
        maker.add("report.submitted", maker.moment(), data)


def figure(maker: Maker) -> float:
    if maker.happens(0.2):
        return maker.amount()
    return maker.random.choice((0, 0.07, 0.25, 0.5, 0.67, 1, 2, 3, 33.33, 75, 250000.5, 500000))


def targeted(maker: Maker) -> None:
    """A new target set, or the old one sent again."""
    attributes = {
        name: maker.random.sample(bands, k=maker.random.randint(1, 2))
        for name, bands in BANDS.items()
        if maker.happens(0.8)
    }
    data: Event = {"attributes": attributes}
    if maker.happens(0.7):
        names = maker.random.sample(tuple(BANDS), k=maker.random.randint(0, 4))
        data["weights"] = {name: maker.random.choice((0, 0.25, 1, 2, 3.5)) for name in names}
    maker.add("demographics.targeted", maker.moment(), data, conflicts=0)


def sized(maker: Maker, period: str, branch: str | None = "") -> None:
    data: Event = {"period": period, "currency": "INR"}
    data["amount"] = maker.random.choice((0, 620000.01, maker.amount(), 62000000))
    branch = maker.random.choice(("B-1", "B-2", "B-7", None, None)) if branch == "" else branch
    if branch or maker.happens(0.3):
        data["branch_id"] = branch
    maker.add("market.sized", maker.moment(), data, conflicts=0)


def target(maker: Maker) -> None:
    entities = (
        *[f"executive:{maker.executive()}"] * 5,
        "team:T-1", "team:T-2", "team:T-3", "branch:B-1", "branch:B-2", "company:company",
    )  # fmt: skip
    data: Event = {"entity": maker.random.choice(entities)}
    data["kpi"] = VOLUME if maker.happens(0.9) else "crm.service_rating"
    data["period"] = maker.random.choice((*PERIODS, *QUARTERS, "2025", "2026"))
    data["value"] = maker.amount() if data["kpi"] == VOLUME else 4.5
    maker.add("target.set", maker.moment(), data, conflicts=0)


def wave(maker: Maker) -> None:
    """A segment that grows to about 30 leads, beside one of that size that does not."""
    last, days = maker.random.choice(maker.as_ofs[:5]), maker.random.choice((6, 24))
    executive = maker.executive()
    for segment, now, before in (("students", 36, 4), ("salaried", 30, 20), ("nri", 2, 2)):
        for number in range(max(1, now + maker.random.randint(-3, 3)) + before):
            back = maker.random.random() * (days - 1) + (0 if number >= before else days + 1)
            data: Event = {"lead_id": f"L-{len(maker.events)}", "channel": "event"}
            data |= {"executive_id": executive, "segment": segment}
            maker.add("lead.created", last - back * DAY, data, conflicts=0)


def dead_letter(maker: Maker, size: int) -> None:
    """A sound event, spoiled in one place."""
    executive = {"executive_id": "E-1"}
    money: Event = {"currency": "INR", "amount": 1000}
    kind, data, name, value = maker.random.choice((
        ("product.sold", {"holding_id": "H-x", "product": "A", "revenue": 10, "currency": "INR",
                          "customer_id": maker.customer(size), **executive}, "kind", "gift"),
        ("loan.closed", {"loan_id": "LN-1", "reason": "matured"}, "reason", "forgotten"),
        ("insight.recorded", {"insight_id": "I-x", **executive}, "expires_at",
         "2026-03-10T10:00:00"),
        ("inquiry.answered", {"inquiry_id": "Q-x"}, "executive_id", None),
        ("market.sized", {"period": "2026-03", **money}, "period", "2026-W12"),
        ("market.sized", {"period": "2026-03", **money}, "amount", -1),
        ("target.set", {"entity": "company:company", "kpi": VOLUME, "period": "2026-03",
                        "value": 1}, "period", "2026-13"),
        ("target.set", {"entity": "company:company", "kpi": VOLUME, "period": "2026-03",
                        "value": 1}, "value", 0.001),
        ("report.submitted", {"report_id": "RP-x", **executive, "period": "2026-03",
                              "figures": {VOLUME: 1}}, "period", "2026-W54"),
        ("report.submitted", {"report_id": "RP-x", **executive, "period": "2026-03",
                              "figures": {VOLUME: 1}}, "figures", {VOLUME: "1"}),
        ("demographics.targeted", {"attributes": {"city_tier": ["1"]}}, "attributes",
         {"city_tier": "1"}),
    ))  # fmt: skip
    spoiled = {**data, name: value}
    maker.add(kind, maker.moment(), spoiled, conflicts=0)
