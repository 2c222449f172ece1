"""How clients reach the broker: addresses and credentials from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import faust
from aiokafka import TopicPartition
from aiokafka.helpers import create_ssl_context

from streams.settings import SaslMechanism, Security, Settings
from streams.transport.pause import FETCH_MAX_WAIT_MS

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

    from aiokafka import AIOKafkaConsumer


def bootstrap_servers(settings: Settings) -> list[str]:
    """The broker's addresses, `host:port`."""
    return [server.strip() for server in settings.broker.split(",") if server.strip()]


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """The TLS context, if the settings ask for TLS."""
    if settings.security not in (Security.SSL, Security.SASL_SSL):
        return None
    context: ssl.SSLContext = create_ssl_context(
        cafile=_text(settings.tls_ca),
        certfile=_text(settings.tls_certificate),
        keyfile=_text(settings.tls_key),
    )
    return context


def client_options(settings: Settings) -> dict[str, Any]:
    """Keyword arguments for an aiokafka client."""
    options: dict[str, Any] = {
        "bootstrap_servers": bootstrap_servers(settings),
        "security_protocol": settings.security.value,
        "ssl_context": tls_context(settings),
    }
    if settings.sasl_username is not None:
        options["sasl_mechanism"] = settings.sasl_mechanism.value
        options["sasl_plain_username"] = settings.sasl_username
        options["sasl_plain_password"] = _password(settings)
    return options


def reader_options(settings: Settings) -> dict[str, Any]:
    """Keyword arguments for an aiokafka consumer that is in no group and commits nothing."""
    return {
        **client_options(settings),
        "enable_auto_commit": False,
        "fetch_max_wait_ms": FETCH_MAX_WAIT_MS,
    }


async def partitions_of(consumer: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    """The partitions of a topic that exists, as the broker tells them now."""
    # What the client itself offers knows only the topics that it has already asked for.
    numbers = await consumer._client._wait_on_metadata(topic)  # noqa: SLF001
    return [TopicPartition(topic, number) for number in sorted(numbers)]


def faust_url(settings: Settings) -> str:
    """The broker as Faust names it, through the `salesbell://` transport."""
    return ";".join(f"salesbell://{server}" for server in bootstrap_servers(settings))


def faust_credentials(settings: Settings) -> faust.types.auth.CredentialsT | None:
    """Credentials as Faust takes them."""
    context = tls_context(settings)
    if settings.sasl_username is not None:
        mechanism = settings.sasl_mechanism
        return faust.SASLCredentials(
            username=settings.sasl_username,
            password=_password(settings),
            mechanism="PLAIN" if mechanism is SaslMechanism.PLAIN else mechanism.value,
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context is not None else None


def _password(settings: Settings) -> str | None:
    return settings.sasl_password.get_secret_value() if settings.sasl_password else None


def _text(path: Path | None) -> str | None:
    return str(path) if path is not None else None
