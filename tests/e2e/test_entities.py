"""A change is declared of somebody who is there, or with a word that they are yet to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from aiokafka import AIOKafkaProducer

from scoring.notes import Campaign, Placement, Placements
from streams.broker import client_options
from streams.cli.entities import known, near
from streams.reading import newest
from tests.e2e.operating import Deployment, call

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.notes import ReferenceNote
    from tests.services.embedded import Embedded

DECLARE = ("alerts", "declare", "--from", "2026-03-20", "--reason", "the page closed", "--by", "A")
WHAT = "all that is watched, from 2026-03-20: the page closed"


@pytest.fixture
async def deployment(
    embedded_broker: Embedded, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Deployment:
    """Topics that tell of an executive, a campaign, a team and an alert of an origin."""
    made = Deployment(embedded_broker.bootstrap, prefix, tmp_path, monkeypatch)
    await made.create()
    sits = Placement(0, "Pune A", "Pune", active=True, name="Asha")
    said = {
        made.names.reference_latest: {
            "executive:E-1": _note(Placements("E-1", (sits,))),
            "campaign:CMP-1": _note(
                Campaign("CMP-1", "web", digital=True, branch="Goa", name=None)
            ),
        },
        made.names.baselines: {"team:Surat A": msgspec.msgpack.encode({})},
        made.names.alerts: {
            "campaign:CMP-9|contacted|2026-03-01": b"{}",
            "source:leads|absent|2026-03-01": b"{}",
        },
    }
    async with AIOKafkaProducer(acks="all", **client_options(made.settings)) as producer:
        for topic, records in said.items():
            for key, value in records.items():
                await producer.send_and_wait(topic, value, key.encode(), partition=0)
    return made


async def test_whoever_a_topic_names_is_known_and_no_larger_one_is_read(
    deployment: Deployment,
) -> None:
    alerted, based = {"campaign:CMP-9"}, {"team:Surat A"}
    placed = {"executive:E-1", "team:Pune A", "branch:Pune", "campaign:CMP-1", "branch:Goa"}
    assert await known(deployment.settings, "campaign:CMP-9") == alerted
    assert await known(deployment.settings, "team:Surat A") == alerted | based
    for entity in (*placed, "team:Nobody"):
        assert await known(deployment.settings, entity) == alerted | based | placed


async def test_of_whom_nobody_knows_nothing_is_declared_unless_insisted_on(
    deployment: Deployment,
) -> None:
    assert await refusal("branch:Surat A") == (
        "no placement, campaign or alert names branch:Surat A: write team:Surat A, or add "
        "--unknown if it is yet to come"
    )
    assert await refusal("campaign:Diwali") == (
        "no placement, campaign or alert names campaign:Diwali: mend it, or add --unknown if it "
        "is yet to come"
    )
    assert await newest(deployment.settings, deployment.names.remarks) == {}

    for entity, insisting in (("team:Pune A", ()), ("campaign:Diwali", ("--unknown",))):
        done = await call(*DECLARE, entity, *insisting)
        assert (done.stdout, done.stderr) == (f"declared: {entity}, {WHAT}\n", "")
    withdrawn = await call(*DECLARE, "campaign:Diwali", "--withdraw")
    assert withdrawn.stdout == f"withdrawn: campaign:Diwali, {WHAT}\n"


@pytest.mark.usefixtures("deployment")
async def test_a_channel_that_cannot_come_is_refused_whatever_is_said() -> None:
    assert await refusal("channel:walk-in", "--unknown") == (
        "there is no channel:walk-in: write channel:walk_in"
    )
    assert (await refusal("channel:sms")).startswith(
        "there is no channel:sms: write channel:web or channel:branch or "
    )
    assert await refusal("company:Acme", "--unknown") == (
        "there is no company:Acme: write company:company"
    )


def _note(note: ReferenceNote) -> bytes:
    return msgspec.msgpack.encode((1, note))


async def refusal(entity: str, *insisting: str) -> str:
    """What a declaration that is refused says, on standard error alone."""
    refused = await call(*DECLARE, entity, *insisting)
    assert (refused.returncode, refused.stdout) == (1, "")
    return refused.stderr.removeprefix("salesbell: ").rstrip("\n")


def test_the_nearest_come_first_and_of_one_name_those_of_the_scope() -> None:
    there = ["branch:Pune", "team:Pune", "team:Pune A", "team:Pone A", "team:Kochi"]
    assert near("team:pune a", there) == ["team:Pune A", "team:Pone A", "team:Pune"]
    assert near("branch:Pune", ["team:Pune", "branch:Pune"]) == ["branch:Pune", "team:Pune"]
    assert near("team:X", there) == []
