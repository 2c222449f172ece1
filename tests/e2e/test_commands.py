"""The commands of an operator: what they say and how they end, on a broker and without one."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from streams import topics
from streams.names import Names
from streams.settings import Settings
from streams.topology import flows
from tests.e2e.operating import DEADLINE, POLL, Deployment, call, lead, sale, words
from tests.services.service import free_port

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["embedded_broker", "apache_kafka"])
def deployment(
    request: pytest.FixtureRequest, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Deployment:
    monkeypatch.chdir(tmp_path)
    broker = request.getfixturevalue(request.param).bootstrap
    return Deployment(broker, prefix, tmp_path, monkeypatch)


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a broker that is not there."""
    monkeypatch.chdir(tmp_path)
    address = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("SALESBELL_BROKER", address)
    return address


async def test_topics_are_created_once_and_checked(deployment: Deployment) -> None:
    needed = len(deployment.required())
    missing = await call("topics", "check")
    assert missing.returncode == 1
    assert words(missing.stdout).count("not exist: run `salesbell topics create`") == needed

    created = await call("topics", "create")
    assert created.returncode == 0, created.stderr
    assert f"{needed} created, 0 were there" in created.stdout
    assert all(f"created {name}" in words(created.stdout) for name in deployment.required())
    again = await call("topics", "create")
    assert (again.returncode, again.stdout) == (0, f"0 created, {needed} were there\n")

    checked = await call("topics", "check")
    assert (checked.returncode, checked.stdout) == (0, f"all {needed} topics are as they must be\n")
    rewound = await call("topics", "rewind")
    assert (rewound.returncode, rewound.stdout) == (0, "0 partitions rewound\n")


async def test_a_missing_topic_is_named(deployment: Deployment) -> None:
    await deployment.create(without=deployment.names.facts)
    done = await call("topics", "check")
    assert done.returncode == 1
    assert words(done.stdout) == (
        f"topic {deployment.names.facts} does not exist: run `salesbell topics create`"
    )


async def test_a_wrong_number_of_partitions_is_named(deployment: Deployment) -> None:
    subjects = deployment.required()[deployment.names.subjects]
    leads = deployment.required()[deployment.names.sources["leads"]]
    await deployment.create(replace(subjects, partitions=1), replace(leads, partitions=7))
    done = await call("topics", "check")
    assert done.returncode == 1
    assert words(done.stdout).startswith(
        f"topic {subjects.name} has 1 partitions, the settings say 2: the number is fixed at birth"
    )
    assert leads.name not in done.stdout, "a source may have any number"


async def test_a_changelog_that_loses_state_is_named(deployment: Deployment) -> None:
    name = deployment.names.changelog("panes")
    await deployment.create(replace(deployment.required()[name], config=topics.KEEP))
    done = await call("topics", "check")
    assert done.returncode == 1
    assert words(done.stdout) == (
        f"topic {name} has cleanup.policy=delete: it would lose state; set it to `compact` alone"
    )


@pytest.mark.parametrize(
    "command",
    [
        ("topics", "create"),
        ("topics", "check"),
        ("topics", "rewind"),
        ("dead-letters", "list"),
        ("dead-letters", "show", "0:0"),
        ("dead-letters", "replay"),
    ],
)
async def test_without_a_broker_a_command_ends_with_a_sentence(
    command: tuple[str, ...], nowhere: str
) -> None:
    done = await call(*command)
    assert done.returncode == 1
    said = words(done.stderr)
    assert said.startswith(f"salesbell: {nowhere} does not answer as it should")
    assert said.endswith("start it, or set SALESBELL_BROKER")


async def test_doctor_finds_a_deployment_healthy(deployment: Deployment) -> None:
    await deployment.create()
    await deployment.send("leads", lead(1))
    done = await call("doctor")
    assert done.returncode == 0, done.stdout
    for check in ("catalogue", "broker", "topics", "positions", "clock"):
        assert f"ok   {check}\n" in done.stdout
    assert "FAIL" not in done.stdout
    assert "aiokafka" in done.stdout


async def test_doctor_says_what_ails(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.create(without=deployment.names.scores)
    deployment.change(catalogue_files=(tmp_path / "none.py",))
    done = await call("doctor")
    assert done.returncode == 1
    assert "FAIL catalogue" in done.stdout
    assert "none.py cannot be imported" in words(done.stdout)
    assert "ok   broker" in done.stdout
    assert "FAIL topics" in done.stdout
    assert f"topic {deployment.names.scores} does not exist" in words(done.stdout)


async def test_doctor_without_a_broker(nowhere: str) -> None:
    done = await call("doctor")
    assert done.returncode == 1
    assert "FAIL broker" in done.stdout
    assert f"no broker answers at {nowhere}" in words(done.stdout)


async def test_topology_names_every_topic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESBELL_PREFIX", "floor-1")
    done = await call("topology")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "flowchart LR"
    names = Names("floor-1")
    for flow in flows(names):
        assert f"  {flow.agent}[[{flow.agent}]]" in lines
        assert all(f"([{topic}]) --> {flow.agent}" in done.stdout for topic in flow.reads)
        assert all(f"{flow.agent} --> " in done.stdout for _ in flow.writes)
    required = topics.required(Settings(prefix="floor-1"), names)
    changelogs = {names.changelog(table) for table in ("journeys", "panes", "rollups")}
    for topic in {topic.name for topic in required} - changelogs:
        assert f"([{topic}])" in done.stdout


async def test_catalogue_is_a_json_document() -> None:
    done = await call("catalogue", "--json")
    assert done.returncode == 0
    catalogue = json.loads(done.stdout)
    areas = {kra["id"] for kra in catalogue["kras"]}
    assert catalogue["kpis"]
    for kpi in catalogue["kpis"]:
        assert kpi["kra"] in areas
        assert all(kpi[field] for field in ("title", "definition", "formula", "events", "windows"))


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("SALESBELL_TIMEZONE", "Mars/Olympus", "no time zone is called 'Mars/Olympus'"),
        ("SALESBELL_PARTITIONS", "many", "should be a valid integer"),
        ("SALESBELL_AS_OF", "2026-03-24T18:00:00", "no UTC offset, add one"),
        ("SALESBELL_CURRENCY", "rupees", "should match pattern"),
        ("SALESBELL_CATALOGUE_FILES", "mine.py", 'write it as JSON, such as ["mine.py"]'),
        ("SALESBELL_BRANCHES", "PUN", 'such as {"PUN": {"business_opens": "10:00"}}'),
    ],
)
async def test_a_wrong_setting_is_named(
    variable: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    for command in (("worker",), ("topics", "check"), ("doctor",)):
        done = await call(*command)
        assert done.returncode == 2
        assert words(done.stderr).startswith(f"{variable}: ")
        assert sentence in words(done.stderr)


async def test_a_broken_settings_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "floor.toml"
    file.write_text("partitions = [")
    monkeypatch.setenv("SALESBELL_CONFIG", str(file))
    broken = await call("doctor")
    assert broken.returncode == 2
    assert "floor.toml is not TOML" in words(broken.stderr)
    file.unlink()
    missing = await call("doctor")
    assert missing.returncode == 1
    assert "which does not exist" in words(missing.stderr)


async def test_a_worker_waits_for_its_topics_and_starts_when_they_are_there(
    deployment: Deployment,
) -> None:
    with deployment.worker() as process:
        topics = len(deployment.required())
        await deployment.until(lambda: len(deployment.logged("not ready")) == 2 * topics)
        assert process.poll() is None
        waits = [line["retry_in_seconds"] for line in deployment.logged("not ready")]
        assert waits == [1.0] * topics + [2.0] * topics
        assert not deployment.logged("worker started")
        await deployment.create()
        await deployment.send("sales", sale(1))
        await deployment.until(lambda: deployment.logged("worker started"))
        await deployment.drained(process)
    assert process.returncode == 0
    [stopped] = deployment.logged("worker stopped")
    assert (stopped["taken_in"], stopped["applied"]) == (1, 1)
    assert sorted(path.name for path in deployment.log.parent.iterdir()) == ["worker.log"]


async def test_a_worker_that_waits_ends_when_told_to(
    nowhere: str, tmp_path: Path, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment = Deployment(nowhere, prefix, tmp_path, monkeypatch)
    with deployment.worker() as process:
        await deployment.until(lambda: deployment.logged("not ready"))
        [problem] = {line["problem"] for line in deployment.logged("not ready")}
        assert problem.startswith(f"no broker answers at {nowhere}")
    assert process.returncode == 0
    assert "Traceback" not in deployment.log.read_text()


@pytest.mark.parametrize("deployment", ["apache_kafka"], indirect=True)
async def test_events_of_a_source_that_was_created_again_count(deployment: Deployment) -> None:
    await deployment.create()
    with deployment.worker() as process:
        await deployment.send("leads", *(lead(number) for number in range(5)))
        await deployment.drained(process)
    await recreate(deployment, "leads")
    await deployment.send("leads", lead(5), lead(6))
    with deployment.worker() as process:
        await deployment.drained(process)
    assert (await deployment.accounts(7)).applied == 7


async def recreate(deployment: Deployment, family: str) -> None:
    """Delete a source topic and create it anew."""
    source = deployment.names.sources[family]
    async with topics.admin(deployment.settings) as client:
        await client.delete_topics([source])
        async with asyncio.timeout(DEADLINE):
            while source in await client.list_topics():
                await asyncio.sleep(POLL)
    await deployment.create()


# Apache Kafka forgets, with a topic, what was committed of it: there is nothing to compare.
@pytest.mark.parametrize("deployment", ["embedded_broker"], indirect=True)
async def test_a_source_that_was_created_again_waits_for_a_decision(
    deployment: Deployment,
) -> None:
    source = deployment.names.sources["leads"]
    await deployment.create()
    with deployment.worker() as process:
        await deployment.send("leads", *(lead(number) for number in range(5)))
        await deployment.drained(process)
    assert (await deployment.accounts(5)).applied == 5
    await recreate(deployment, "leads")
    await deployment.send("leads", lead(5), lead(6))

    with deployment.worker() as process:
        await deployment.until(lambda: deployment.logged("not ready"))
    assert process.returncode == 0
    problem = deployment.logged("not ready")[0]["problem"]
    assert problem.startswith(f"{source}-0 ends before what was read of it: the topic was created")
    assert "Set SALESBELL_EPOCH to a number that was not used before" in problem
    doctor = await call("doctor")
    assert doctor.returncode == 1
    assert "FAIL positions" in doctor.stdout

    deployment.change(epoch=1)
    rewound = await call("topics", "rewind")
    assert rewound.returncode == 0, rewound.stderr
    assert words(rewound.stdout) == f"{source}-0 is read from 0 1 partitions rewound"
    with deployment.worker() as process:
        await deployment.drained(process)
    assert (await deployment.accounts(7)).applied == 7
