"""Dead letters as an operator sees them: listed, shown, and sent again once it is said which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiokafka import AIOKafkaProducer

from streams.broker import client_options
from tests.e2e.operating import call, sale, words
from tests.e2e.test_commands import deployment

if TYPE_CHECKING:
    from tests.e2e.operating import Deployment

__all__ = ["deployment"]

#: What is said of dead letters that were sent again.
AFTER = "they stay listed; what is still wrong comes back as a new dead letter\n"


async def test_dead_letters_are_listed_shown_and_sent_again(deployment: Deployment) -> None:
    await deployment.create()
    with deployment.worker() as process:
        await deployment.send("sales", sale(1, "EUR"), b"{[/bold] not JSON", sale(2, "EUR"))
        await deployment.drained(process)
    assert (await deployment.accounts(3)).rejected == {"wrong_currency": 2, "malformed_json": 1}

    listed = await call("dead-letters", "list")
    assert listed.returncode == 0, listed.stderr
    assert "wrong_currency          2" in listed.stdout
    assert "malformed_json          1" in listed.stdout
    only = await call("dead-letters", "list", "--reason", "malformed_json")
    assert "wrong_currency" not in only.stdout
    home = next(
        line for line in only.stdout.splitlines() if "malformed_json" in line and ":" in line
    )
    name = next(word for word in home.split() if ":" in word and word.replace(":", "").isdigit())

    shown = await call("dead-letters", "show", name)
    assert shown.returncode == 0, shown.stderr
    assert "dl_reason: malformed_json" in shown.stdout
    assert f"dl_topic: {deployment.names.sources['sales']}" in words(shown.stdout)
    assert "{[/bold] not JSON" in shown.stdout
    for command in (("show", "9:9"), ("replay", name, "9:9")):
        unknown = await call("dead-letters", *command)
        assert unknown.returncode == 1
        assert "there is no dead letter 9:9" in words(unknown.stderr)

    # The mistake was the worker's: the company's currency is the euro.
    deployment.change(currency="EUR")
    source = deployment.names.sources["sales"]
    one = await call("dead-letters", "replay", name)
    assert one.stdout == f"1 dead letter sent again, 1 to {source}\n{AFTER}", one.stderr
    two = await call("dead-letters", "replay", "--reason", "wrong_currency")
    assert two.stdout == f"2 dead letters sent again, 2 to {source}\n{AFTER}", two.stderr
    with deployment.worker() as process:
        await deployment.drained(process)
    accounts = await deployment.accounts(6)
    assert accounts.balanced
    assert accounts.applied == 2
    assert accounts.rejected == {"wrong_currency": 2, "malformed_json": 2}
    assert await deployment.volume() == 200

    # What is still wrong came back, and is not sent twice for it; what counts, counts once.
    again = await call("dead-letters", "replay", "--all")
    assert again.stdout == (
        f"3 dead letters sent again, 3 to {source}\n"
        f"1 not sent: each is a copy of one that was\n{AFTER}"
    )
    with deployment.worker() as process:
        await deployment.drained(process)
    accounts = await deployment.accounts(9)
    assert accounts.balanced
    assert (accounts.applied, accounts.duplicates) == (2, 2)
    assert accounts.rejected == {"wrong_currency": 2, "malformed_json": 3}
    assert await deployment.volume() == 200


async def test_dead_letters_are_not_sent_again_before_it_is_said_which(
    deployment: Deployment,
) -> None:
    await deployment.create()
    none = await call("dead-letters", "replay")
    assert none.stderr == (
        "salesbell: say which of 0 dead letters: name some, or add --reason REASON or --all\n"
    )
    nothing = await call("dead-letters", "replay", "--all")
    assert (nothing.returncode, nothing.stdout) == (0, "0 dead letters sent again\n")

    with deployment.worker() as process:
        await deployment.send("sales", sale(1, "EUR"), b"{", sale(2, "EUR"))
        await deployment.drained(process)
        which = await call("dead-letters", "replay")
        assert (which.returncode, which.stdout) == (1, "")
        assert which.stderr == (
            "salesbell: say which of 3 dead letters (1 malformed_json, 2 wrong_currency): name "
            "some, or add --reason REASON or --all\n"
        )
        both = await call("dead-letters", "replay", "0:0", "--all")
        assert both.returncode == 2
        assert "names say which: leave out --reason and --all" in words(both.stderr)
        await deployment.drained(process)
    assert (await deployment.accounts(3)).rejected == {"wrong_currency": 2, "malformed_json": 1}


async def test_a_letter_without_key_and_value_can_be_sent_again(deployment: Deployment) -> None:
    await deployment.create()
    async with AIOKafkaProducer(acks="all", **client_options(deployment.settings)) as producer:
        batch = producer.create_batch()
        batch.append(key=None, value=None, timestamp=None, headers=[("trace", None)])
        batch.close()
        topic = deployment.names.sources["activity"]
        await (await producer.send_batch(batch, topic, partition=1))
    with deployment.worker() as process:
        await deployment.drained(process)
        sent = await call("dead-letters", "replay", "--all")
        assert sent.stdout == f"1 dead letter sent again, 1 to {topic}\n{AFTER}"
        await deployment.drained(process)
    assert (await deployment.accounts(2)).rejected == {"malformed_json": 2}
    assert (
        "trace: \n"
        in (await call("dead-letters", "show", "0:0")).stdout
        + (await call("dead-letters", "show", "1:0")).stdout
    )
