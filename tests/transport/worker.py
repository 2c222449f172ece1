"""A worker to be killed: it journals the offset of each record it has processed."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import faust

from streams.transport import Batch, BatchSchema

if TYPE_CHECKING:
    from faust.types import StreamT

broker, name, journal, data = sys.argv[1:]
app = faust.App(
    name,
    broker=f"salesbell://{broker}",
    datadir=data,
    web_enabled=False,
    topic_disable_leader=True,
    table_standby_replicas=0,
    broker_session_timeout=6.0,
    broker_rebalance_timeout=6.0,
    broker_heartbeat_interval=1.0,
    broker_commit_interval=0.1,
    broker_max_poll_records=50,
)
out = os.open(journal, os.O_CREAT | os.O_APPEND | os.O_WRONLY)


@app.agent(app.topic(name, schema=BatchSchema()))
async def process(stream: StreamT[Batch]) -> None:
    async for batch in stream:
        lines = "".join(f"{batch.partition}:{record.offset}\n" for record in batch.records)
        os.write(out, lines.encode())
        await asyncio.sleep(0.02)


async def main() -> None:
    app.finalize()
    await app.start()
    await asyncio.Event().wait()


asyncio.run(main())
