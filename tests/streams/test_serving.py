"""The sockets on which Salesbell's processes answer."""

from __future__ import annotations

import socket

from streams.serving import listen
from tests.services.service import free_port


def test_an_accepted_connection_holds_nothing_back() -> None:
    with (
        listen("API", "127.0.0.1", free_port()) as listening,
        socket.create_connection(listening.getsockname()),
    ):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
