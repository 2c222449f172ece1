"""The Faust application of a worker: which parts of Faust are used, and how patiently."""

from __future__ import annotations

from typing import TYPE_CHECKING

import faust
from mode.supervisors import CrashingSupervisor

from streams.broker import faust_credentials, faust_url
from streams.table import Table
from streams.topics import LARGEST_DEAD_LETTER

if TYPE_CHECKING:
    from streams.names import Names
    from streams.settings import Settings

_REBALANCE_SESSIONS = 3
_WRITE_PATIENCE = 0.8


class _Application(faust.App):
    def _create_directories(self) -> None:
        """Nothing: tables are in memory, and the working directory may be read-only."""


def application(settings: Settings, names: Names) -> faust.App:
    """An application with our transport, store and table, and nothing that could hide a failure."""
    app = _Application(
        names.group,
        broker=faust_url(settings),
        broker_credentials=faust_credentials(settings),
        store="salesbell://",
        Table=Table,
        agent_supervisor=CrashingSupervisor,
        broker_commit_interval=settings.commit_interval,
        broker_heartbeat_interval=settings.session_timeout / 4,
        broker_max_poll_records=settings.batch_records,
        broker_rebalance_timeout=settings.session_timeout * _REBALANCE_SESSIONS,
        broker_request_timeout=settings.session_timeout * _REBALANCE_SESSIONS,
        broker_session_timeout=settings.session_timeout,
        consumer_auto_offset_reset="earliest",
        # A refused write must be known before another worker can own the partition.
        producer_request_timeout=settings.session_timeout * _WRITE_PATIENCE,
        stream_recovery_delay=0.0,
        stream_wait_empty=True,
        table_standby_replicas=0,
        topic_disable_leader=True,
        web_enabled=False,
    )
    app.transport.max_record_bytes = LARGEST_DEAD_LETTER  # type: ignore[attr-defined]
    app.transport.max_partition_bytes = settings.partition_bytes  # type: ignore[attr-defined]
    return app
