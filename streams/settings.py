"""Settings: environment variables `SALESBELL_*` over a TOML file over defaults."""

from __future__ import annotations

import os
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from pydantic import AfterValidator, Field, FilePath, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, TomlConfigSettingsSource

from scoring.business import BusinessWeeks
from scoring.calendar import SECOND, Calendar
from scoring.events.fields import Id
from scoring.meaning import Rules
from streams.cloudevents import Admission
from streams.workweek import BranchCalendar, Weekday, WorkWeek

if TYPE_CHECKING:
    from pydantic_settings import PydanticBaseSettingsSource

DAY_SECONDS = 86_400
_DAY = DAY_SECONDS * SECOND
#: Names the TOML file; without it `salesbell.toml` of the working directory is read.
CONFIG_VARIABLE = "SALESBELL_CONFIG"
DEFAULT_CONFIG = "salesbell.toml"


class Security(StrEnum):
    """How the broker is spoken to."""

    PLAINTEXT = "PLAINTEXT"
    SSL = "SSL"
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SASL_SSL = "SASL_SSL"


class SaslMechanism(StrEnum):
    """How the client proves who it is."""

    PLAIN = "PLAIN"
    SCRAM_SHA_256 = "SCRAM-SHA-256"
    SCRAM_SHA_512 = "SCRAM-SHA-512"


def _branch_id(name: str) -> str:
    try:
        return msgspec.convert(name, Id)
    except msgspec.ValidationError as error:
        raise ValueError(f"no branch can have the id {name!r}: {error}") from error


class Settings(BaseSettings):
    """Everything a deployment can set.

    Raises:
        pydantic.ValidationError: If a value is invalid; it names the field.
    """

    model_config = SettingsConfigDict(env_prefix="SALESBELL_", extra="forbid", frozen=True)

    broker: Annotated[
        str, Field(description="Kafka bootstrap servers, `host:port`, separated by commas.")
    ] = "127.0.0.1:9092"
    prefix: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,80}$",
            description="Prefix of all topics, and the name of the consumer group.",
        ),
    ] = "salesbell"
    partitions: Annotated[
        int,
        Field(ge=1, le=512, description="Partitions of Salesbell's own topics; fixed at birth."),
    ] = 12
    replication: Annotated[
        int, Field(ge=1, le=10, description="Replication factor of the topics it creates.")
    ] = 1
    epoch: Annotated[
        int,
        Field(
            ge=0,
            description="Incarnation of the source topics: raise it when one was re-created, "
            "so that offsets that start again are not taken for replays.",
        ),
    ] = 0
    timezone: Annotated[str, Field(description="Business time zone, an IANA name.")] = (
        "Asia/Kolkata"
    )
    business_days: Annotated[
        tuple[Weekday, ...], Field(min_length=1, description="Days of work.")
    ] = tuple(Weekday)[:5]
    business_opens: Annotated[
        time, Field(description="Beginning of the business hours, by the wall clock.")
    ] = time(9)
    business_closes: Annotated[
        time, Field(description="Their end; `00:00` means the end of the day.")
    ] = time(18)
    holiday_country: Annotated[
        str | None,
        Field(description="ISO 3166-1 code of the country whose public holidays are free."),
    ] = None
    holiday_subdivision: Annotated[
        str | None, Field(description="Its state or province, where holidays differ.")
    ] = None
    holiday_dates: Annotated[
        tuple[date, ...], Field(description="Further days on which nobody works.")
    ] = ()
    branches: Annotated[
        dict[Annotated[str, AfterValidator(_branch_id)], BranchCalendar],
        Field(
            description="Business calendars of branches, by the branch's id: the same six fields, "
            "of which a branch has those that differ. In TOML: `[branches.PUN]`."
        ),
    ] = {}
    currency: Annotated[
        str, Field(pattern=r"^[A-Z]{3}$", description="The company's ISO 4217 currency.")
    ] = "INR"
    maturity_days: Annotated[
        int, Field(ge=1, le=365, description="How long a lead has to convert, times 24 hours.")
    ] = 14
    retention_days: Annotated[
        int, Field(ge=93, le=3660, description="Older events are dead letters.")
    ] = 800
    as_of: Annotated[
        datetime | None,
        Field(description="Fixes the moment that places the windows; for replays."),
    ] = None
    clock: Annotated[
        datetime | None,
        Field(description="Fixes the clock that events are checked against; for replays."),
    ] = None
    publish_interval: Annotated[
        float, Field(gt=0, le=60, description="Least seconds between two scores of one entity.")
    ] = 0.25
    norm_interval: Annotated[
        float,
        Field(
            ge=0,
            le=3600,
            description="Least seconds between two words of parents to their children of what is "
            "usual; 0, for replays, lets scores wait for them.",
        ),
    ] = 15.0
    alarm_interval: Annotated[
        float, Field(gt=0, le=3600, description="Seconds between two looks of the alarm.")
    ] = 10.0
    alarm_budget_days: Annotated[
        float,
        Field(
            ge=30,
            le=100_000,
            description="Days of one entity and stage or KPI, on average, per false alert.",
        ),
    ] = 1000.0
    alarm_patience: Annotated[
        float,
        Field(
            gt=0,
            le=3600,
            description="The alarm looks while what was ingested so long ago has been scored.",
        ),
    ] = 30.0
    commit_interval: Annotated[
        float, Field(gt=0, le=60, description="Seconds between two commits of source offsets.")
    ] = 1.0
    batch_records: Annotated[
        int, Field(ge=1, le=100_000, description="Most records that one fetch hands over.")
    ] = 2_000
    partition_bytes: Annotated[
        int,
        Field(ge=65_536, description="Most bytes of one partition that are in flight."),
    ] = 8 * 1024 * 1024
    session_timeout: Annotated[
        float, Field(ge=2, le=300, description="Seconds after which a silent worker is replaced.")
    ] = 10.0
    redis_url: Annotated[
        str,
        Field(
            pattern=r"^(rediss?|unix)://",
            description="Redis that the sink fills, `redis://[user:password@]host:port/database`.",
        ),
    ] = "redis://127.0.0.1:6379/0"
    api_host: Annotated[str, Field(description="Address on which the API listens.")] = "127.0.0.1"
    api_port: Annotated[
        int, Field(ge=1, le=65_535, description="TCP port on which the API listens.")
    ] = 8000
    metrics_host: Annotated[
        str, Field(description="Address on which a worker serves its metrics.")
    ] = "127.0.0.1"
    metrics_port: Annotated[
        int | None,
        Field(
            ge=1,
            le=65_535,
            description="TCP port on which a worker serves its metrics, each worker of a machine "
            "on one of its own; none without it.",
        ),
    ] = None
    catalogue_files: Annotated[
        tuple[Path, ...], Field(description="Python files that declare further KPIs.")
    ] = ()
    weights: Annotated[
        dict[str, int], Field(description="Weights of areas and KPIs by id, over the catalogue's.")
    ] = {}
    security: Annotated[Security, Field(description="Protocol to the broker.")] = Security.PLAINTEXT
    sasl_mechanism: Annotated[SaslMechanism, Field(description="SASL mechanism.")] = (
        SaslMechanism.SCRAM_SHA_512
    )
    sasl_username: Annotated[str | None, Field(description="SASL user.")] = None
    sasl_password: Annotated[SecretStr | None, Field(description="SASL password.")] = None
    tls_ca: Annotated[FilePath | None, Field(description="CA certificates, PEM.")] = None
    tls_certificate: Annotated[FilePath | None, Field(description="Client certificate, PEM.")] = (
        None
    )
    tls_key: Annotated[FilePath | None, Field(description="Client key, PEM.")] = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the TOML file."""
        file = Path(os.environ.get(CONFIG_VARIABLE, DEFAULT_CONFIG))
        if CONFIG_VARIABLE in os.environ and not file.is_file():
            raise FileNotFoundError(f"{CONFIG_VARIABLE} names {file}, which does not exist")
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no time zone is called {name!r}; use an IANA name") from error
        return name

    @model_validator(mode="after")
    def _working(self) -> Settings:
        self._work_week.checked()
        for branch, calendar in self.branches.items():
            try:
                calendar.over(self._work_week).checked()
            except ValueError as error:
                raise ValueError(f"`branches.{branch}`: {error}") from error
        return self

    @field_validator("as_of", "clock")
    @classmethod
    def _aware(cls, moment: datetime | None) -> datetime | None:
        if moment is not None and moment.tzinfo is None:
            raise ValueError("the moment has no UTC offset, add one")
        return moment

    @property
    def calendar(self) -> Calendar:
        """The business calendar."""
        return Calendar(ZoneInfo(self.timezone), self.business)

    @property
    def business(self) -> BusinessWeeks:
        """When the company and its branches work."""
        company = self._work_week
        return BusinessWeeks(
            company.checked(),
            {branch: own.over(company).checked() for branch, own in sorted(self.branches.items())},
        )

    @property
    def _work_week(self) -> WorkWeek:
        return WorkWeek(
            self.business_days,
            self.business_opens,
            self.business_closes,
            self.holiday_country,
            self.holiday_subdivision,
            self.holiday_dates,
        )

    def rules(self, calendar: Calendar) -> Rules:
        """What decides the content of facts."""
        # Events that one clock admits lie within retention and some minutes of the future.
        days = max(self.retention_days, self.maturity_days) + 1
        return Rules(calendar, self.maturity_days * _DAY, days * _DAY)

    @property
    def admission(self) -> Admission:
        """What makes an event acceptable."""
        return Admission(self.currency, self.retention_days * _DAY)
