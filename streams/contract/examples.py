"""One example of every event type, made from its fields."""

from __future__ import annotations

from typing import Any

import msgspec

from scoring.events import EVENT_TYPES

_SENT = "2026-03-02T09:15:04.120+05:30"

#: Values of fields whose type allows more than their name does.
_BY_NAME: dict[str, Any] = {
    "age_band": "26-35",
    "amount": 250_000,
    "article_id": "AR-12",
    "assessment_id": "AS-88",
    "attended": ["E-017", "E-018"],
    "attributes": {"age_band": ["26-35", "36-45"], "city_tier": ["1"]},
    "audit_id": "AU-31",
    "branch_id": "B-2",
    "campaign_id": "CMP-9",
    "certification": "IRDAI basic",
    "channel": "web",
    "checks": 20,
    "city_tier": "1",
    "contact": "phone",
    "currency": "INR",
    "customer_id": "C-5521",
    "display_name": "Asha Rao",
    "employment": "salaried",
    "entity": "executive:E-017",
    "entry_id": "TM-340",
    "executive_id": "E-017",
    "figures": {"sales_targets.sales_volume": 1_250_000.5},
    "from_id": "E-021",
    "holding_id": "H-77",
    "hours": 2.5,
    "income_band": "middle",
    "initiative_id": "IT-4",
    "inquiry_id": "IQ-903",
    "insight_id": "IN-15",
    "interaction_id": "CALL-71",
    "invited": ["E-017", "E-018", "E-019"],
    "kpi": "sales_targets.sales_volume",
    "lead_id": "L-2041",
    "loan_id": "LN-640",
    "max_score": 50,
    "minutes": 45,
    "name": "Festive personal loans",
    "participants": ["E-017", "E-021"],
    "passed": 19,
    "period": "2026-03",
    "product": "insurance",
    "purpose": "wedding",
    "rating": 4,
    "reason": "customer's wish",
    "referred_by": "C-1203",
    "region": "west",
    "repayment": "emi",
    "report_id": "RP-6",
    "response_id": "R-1180",
    "revenue": 4_999.5,
    "rule": "kyc",
    "score": 9,
    "segment": "salaried",
    "skill": "listening",
    "spend_id": "SP-52",
    "task_id": "TK-700",
    "team_event_id": "TE-3",
    "team_id": "T-5",
    "technique_id": "TQ-8",
    "tenure": "36m",
    "training_id": "TR-410",
    "value": 4_500_000,
    "violation_id": "V-19",
    "weights": {"city_tier": 2},
}

_BY_TYPE: dict[type[msgspec.inspect.Type], Any] = {
    msgspec.inspect.BoolType: True,
    msgspec.inspect.DateTimeType: "2026-03-31T18:00:00+05:30",
    msgspec.inspect.DateType: "2026-03-01",
}


def example(kind: str) -> dict[str, Any]:
    """An event of a type, all of its fields filled in.

    Args:
        kind: Event type.

    Raises:
        LookupError: If a field has no example; the message says where to add one.
    """
    event_type = EVENT_TYPES[kind]
    data = _struct(event_type)
    subject = msgspec.convert(data, event_type).subject
    return {
        "specversion": "1.0",
        "id": f"5f0c-{kind}",
        "source": "/crm/west",
        "type": kind,
        "subject": subject.partition(":")[2],
        "time": _SENT,
        "datacontenttype": "application/json",
        "data": data,
    }


def _struct(shape: type[msgspec.Struct]) -> dict[str, Any]:
    return {
        field.encode_name: _value(field.encode_name, msgspec.inspect.type_info(field.type))
        for field in msgspec.structs.fields(shape)
    }


def _value(name: str, shape: msgspec.inspect.Type) -> object:
    match shape:
        case msgspec.inspect.UnionType(types=choices):
            return _value(name, choices[0])
        case msgspec.inspect.LiteralType(values=values):
            return values[0]
        case msgspec.inspect.StructType(cls=nested) if name not in _BY_NAME:
            return _struct(nested)
    plain = _BY_NAME.get(name, _BY_TYPE.get(type(shape)))
    if plain is None:
        raise LookupError(f"no example for `{name}`: add it to streams/contract/examples.py")
    return plain
