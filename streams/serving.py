"""What the small HTTP servers of Salesbell's processes share."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Iterator


class ListenError(RuntimeError):
    """A server cannot listen where the settings say."""


class Server(uvicorn.Server):
    """A server that leaves signals to whoever serves."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def listen(what: str, host: str, port: int) -> socket.socket:
    """A listening socket.

    Args:
        what: Who listens; the settings are named after it.
        host: Address to listen on.
        port: TCP port to listen on.

    Raises:
        ListenError: If the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        name = what.upper()
        # Python adds the address to the reason, which is said already.
        reason = (error.strerror or str(error)).partition(" (while ")[0]
        raise ListenError(
            f"the {what} cannot listen on {host}:{port} ({reason}): set "
            f"SALESBELL_{name}_HOST and SALESBELL_{name}_PORT"
        ) from error
    # Accepted sockets inherit it. asyncio sets it only where a socket knows its protocol, which
    # these do not; without it the body of an answer waits 40 ms for its head's acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
