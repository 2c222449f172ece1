"""The published contract: it is what the event types say, and validators agree with decoding."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from scoring.events import EVENT_TYPES, FAMILIES
from streams.cloudevents import decode
from streams.contract import files, stale, write
from streams.contract.__main__ import main
from streams.contract.asyncapi import document
from streams.contract.examples import example
from streams.contract.schemas import data_schema, event_schema
from streams.dead_letters import RejectedError

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[2] / "docs" / "events"
KINDS = sorted(EVENT_TYPES)


def agrees(kind: str, event: dict[str, Any]) -> bool:
    """Whether an event is valid; schema and decoder must say the same."""
    by_schema: bool = Draft202012Validator(event_schema(kind)).is_valid(event)
    try:
        decode(json.dumps(event).encode(), [])
    except RejectedError:
        by_decoder = False
    else:
        by_decoder = True
    assert by_schema == by_decoder, f"schema says {by_schema}, decoder {by_decoder}: {event}"
    return by_schema


def with_data(event: dict[str, Any], **fields: object) -> dict[str, Any]:
    return {**event, "data": {**event["data"], **fields}}


def fields_of(kind: str, keyword: str, value: object) -> list[str]:
    """Fields whose schema, or one of its choices, has a keyword with a value."""
    return [
        name
        for name, node in data_schema(kind)["properties"].items()
        if any(choice.get(keyword) == value for choice in [node, *node.get("anyOf", ())])
    ]


def nodes(value: dict[str, Any] | list[Any]) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value:
        if isinstance(child, dict | list):
            yield from nodes(child)


def test_the_repository_has_what_the_types_say() -> None:
    assert stale(DOCS) == [], "run `python -m streams.contract`"


def test_a_changed_a_missing_and_a_left_over_file_are_stale(tmp_path: Path) -> None:
    write(tmp_path)
    assert stale(tmp_path) == []
    (tmp_path / "README.md").write_text("by hand")
    (tmp_path / "schemas" / "lead.lost.json").unlink()
    (tmp_path / "schemas" / "lead.dreamt.json").write_text("{}")
    assert stale(tmp_path) == [
        "README.md",
        "schemas/lead.dreamt.json",
        "schemas/lead.lost.json",
    ]
    with pytest.raises(SystemExit, match=r"lead\.lost\.json.*run `python -m streams\.contract`"):
        main(["--check", str(tmp_path)])
    main([str(tmp_path)])
    main(["--check", str(tmp_path)])
    assert stale(tmp_path) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_schema_is_valid_and_stands_alone(kind: str) -> None:
    schema = event_schema(kind)
    Draft202012Validator.check_schema(schema)
    assert '"~"' not in files()[f"schemas/{kind}.json"]
    assert not [node for node in nodes(schema) if "$ref" in node]


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_is_valid_and_fills_every_field(kind: str) -> None:
    event = example(kind)
    assert agrees(kind, event)
    assert event["data"].keys() == data_schema(kind)["properties"].keys()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_required_cannot_be_missing(kind: str) -> None:
    event = example(kind)
    for name in data_schema(kind)["required"]:
        without = copy.deepcopy(event)
        del without["data"][name]
        assert not agrees(kind, without), name
    for name in event_schema(kind)["required"]:
        without = {key: value for key, value in event.items() if key != name}
        assert not agrees(kind, without), name


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_optional_can_be_missing_and_more_is_ignored(kind: str) -> None:
    event = example(kind)
    required = data_schema(kind)["required"]
    least = {name: value for name, value in event["data"].items() if name in required}
    assert agrees(kind, {**event, "data": least})
    assert agrees(kind, {**with_data(event, another="field"), "extension": "1"})


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_takes_an_object_with_nothing_in_common(kind: str) -> None:
    event = example(kind)
    for name, node in data_schema(kind)["properties"].items():
        is_object = any(n.get("type") == "object" for n in [node, *node.get("anyOf", ())])
        wrong: object = [1] if is_object else {"": ""}
        assert not agrees(kind, with_data(event, **{name: wrong})), name


def test_amounts_are_not_negative() -> None:
    amounts = [(kind, name) for kind in KINDS for name in fields_of(kind, "type", "number")]
    assert {("sale.disbursed", "amount"), ("product.sold", "revenue")} <= set(amounts)
    for kind, name in amounts:
        event = example(kind)
        assert agrees(kind, with_data(event, **{name: 0.07})), (kind, name)
        assert not agrees(kind, with_data(event, **{name: -1})), (kind, name)
        assert not agrees(kind, with_data(event, **{name: 10**17})), (kind, name)


def test_a_maximum_of_0_is_not_a_score() -> None:
    event = example("assessment.completed")
    assert not agrees("assessment.completed", with_data(event, max_score=0))


def test_figures_may_be_negative() -> None:
    event = with_data(example("report.submitted"), figures={"reporting.sales_trend": -0.125})
    assert agrees("report.submitted", event)


def test_moments_have_an_offset() -> None:
    moments = [(kind, name) for kind in KINDS for name in fields_of(kind, "format", "date-time")]
    assert ("task.scheduled", "due_at") in moments
    for kind, name in moments:
        event = example(kind)
        assert agrees(kind, with_data(event, **{name: "2026-03-02T09:15:04Z"}))
        assert not agrees(kind, with_data(event, **{name: "2026-03-02T09:15:04"}))
    for kind in KINDS:
        assert not agrees(kind, {**example(kind), "time": "2026-03-02T09:15:04"})
        assert not agrees(kind, {**example(kind), "time": "yesterday"})


def test_asyncapi_names_every_type_in_the_channel_of_its_family() -> None:
    channels = document()["channels"]
    for family in FAMILIES:
        expected = {kind for kind, data in EVENT_TYPES.items() if data.family == family}
        assert channels[family]["address"] == f"{{prefix}}.{family}"
        assert channels[family]["messages"].keys() == expected
    assert channels.keys() - set(FAMILIES) == {"scores", "alerts", "alert-remarks", "dead-letters"}


def test_asyncapi_refers_to_nothing_that_is_not_there() -> None:
    found, published = document(), files()
    references = {node["$ref"] for node in nodes(found) if "$ref" in node}
    assert {"#/components/messages/lead.created", "schemas/lead.created.json"} <= references
    for reference in references:
        path, _, pointer = reference.partition("#")
        assert not path or path in published
        node = found
        for step in filter(None, pointer.split("/")):
            node = node[step]


def test_the_page_has_a_row_for_every_type() -> None:
    text = files()["README.md"]
    for kind in KINDS:
        assert f"| [`{kind}`](schemas/{kind}.json) |" in text
