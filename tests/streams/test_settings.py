"""Settings: where they come from, which are refused, and that they reach the broker's clients."""

from __future__ import annotations

import os
import ssl
import subprocess
from datetime import datetime, time
from pathlib import Path
from typing import Any

import faust
import pytest
from pydantic import SecretStr, ValidationError

from scoring.calendar import SECOND
from streams.broker import bootstrap_servers, client_options, faust_credentials, faust_url
from streams.settings import CONFIG_VARIABLE, Security, Settings
from streams.workers import environment
from streams.workweek import BranchCalendar
from tests.scoring.making import day

AS_OF = "2026-03-24T18:00:00+05:30"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A working directory, and an environment, that say nothing."""
    for name in [name for name in os.environ if name.startswith("SALESBELL_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(**words: object) -> Settings:
    """The settings that words say, such as those of a file."""
    return Settings.model_validate(words)


def refusal(**given: Any) -> tuple[str, str]:
    """The setting that is refused, and why."""
    with pytest.raises(ValidationError) as refused:
        Settings(**given)
    [problem] = refused.value.errors()
    return str(problem["loc"][0]), problem["msg"]


def test_nothing_need_be_set() -> None:
    settings = Settings()
    assert settings.broker == "127.0.0.1:9092"
    assert settings.calendar.zone.key == "Asia/Kolkata"
    assert settings.as_of is None
    assert settings.admission.retention == 800 * 86_400 * SECOND


def test_environment_over_file_over_defaults(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (alone / "salesbell.toml").write_text(
        'prefix = "from-file"\npartitions = 3\ncurrency = "EUR"\ncatalogue_files = ["a.py"]\n'
    )
    monkeypatch.setenv("SALESBELL_PARTITIONS", "5")
    monkeypatch.setenv("SALESBELL_CURRENCY", "USD")
    settings = Settings(currency="GBP")
    assert settings.prefix == "from-file"
    assert settings.catalogue_files == (Path("a.py"),)
    assert settings.partitions == 5
    assert settings.currency == "GBP"
    assert settings.replication == 1


def test_another_file_can_be_named(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (alone / "salesbell.toml").write_text('prefix = "not-this"\n')
    other = alone / "floor.toml"
    other.write_text(f'prefix = "floor"\nas_of = {AS_OF}\n')
    monkeypatch.setenv(CONFIG_VARIABLE, str(other))
    settings = Settings()
    assert settings.prefix == "floor"
    assert settings.as_of == datetime.fromisoformat(AS_OF)


def test_a_named_file_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONFIG_VARIABLE, "/nowhere/floor.toml")
    with pytest.raises(FileNotFoundError, match=r"SALESBELL_CONFIG names /nowhere/floor\.toml"):
        Settings()


def test_a_misspelt_setting_in_the_file_is_refused(alone: Path) -> None:
    (alone / "salesbell.toml").write_text("partition = 3\n")
    assert refusal()[0] == "partition"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"timezone": "Asia/Calcutta_"}, "no time zone is called 'Asia/Calcutta_'"),
        ({"timezone": ""}, "no time zone is called ''"),
        ({"timezone": "../etc/passwd"}, "no time zone is called"),
        ({"as_of": "2026-03-24T18:00:00"}, "the moment has no UTC offset"),
        ({"clock": "2026-03-24T18:00:00"}, "the moment has no UTC offset"),
        ({"as_of": "yesterday"}, "valid datetime"),
        ({"currency": "rupees"}, "pattern"),
        ({"prefix": "a.b"}, "pattern"),
        ({"partitions": 0}, "greater than or equal to 1"),
        ({"retention_days": 30}, "greater than or equal to 93"),
        ({"session_timeout": 1}, "greater than or equal to 2"),
        ({"security": "TLS"}, "'SASL_SSL'"),
        ({"sasl_mechanism": "GSSAPI"}, "'SCRAM-SHA-512'"),
    ],
)
def test_a_wrong_setting_is_named(given: dict[str, Any], why: str) -> None:
    [name] = given
    refused, message = refusal(**given)
    assert refused == name
    assert why in message


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().partitions = 3


def test_workers_are_given_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(
        broker="one:1,two:2",
        prefix="floor",
        partitions=7,
        epoch=2,
        as_of=datetime.fromisoformat(AS_OF),
        catalogue_files=(Path("a b.py"), Path('c"d.py')),
        security=Security.SASL_SSL,
        sasl_username="bell",
        sasl_password=SecretStr("pass word"),
        publish_interval=0.05,
    )
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings


def test_a_password_is_never_shown() -> None:
    settings = said(sasl_username="bell", sasl_password="tr0ub4dor")  # noqa: S106
    assert "tr0ub4dor" not in repr(settings)
    assert "tr0ub4dor" not in str(settings.model_dump(mode="json"))


def test_several_brokers_are_separated_by_commas() -> None:
    settings = Settings(broker="one:9092, two:9093,")
    assert bootstrap_servers(settings) == ["one:9092", "two:9093"]
    assert client_options(settings)["bootstrap_servers"] == ["one:9092", "two:9093"]
    assert faust_url(settings) == "salesbell://one:9092;salesbell://two:9093"


def test_plain_clients_carry_no_credentials() -> None:
    options = client_options(Settings())
    assert options["security_protocol"] == "PLAINTEXT"
    assert options["ssl_context"] is None
    assert not [name for name in options if name.startswith("sasl")]
    assert faust_credentials(Settings()) is None


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
@pytest.mark.parametrize("protocol", ["SASL_PLAINTEXT", "SASL_SSL"])
def test_sasl_reaches_both_clients(
    mechanism: str, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESBELL_SECURITY", protocol)
    monkeypatch.setenv("SALESBELL_SASL_MECHANISM", mechanism)
    monkeypatch.setenv("SALESBELL_SASL_USERNAME", "bell")
    monkeypatch.setenv("SALESBELL_SASL_PASSWORD", "secret")
    options = client_options(Settings())
    assert (
        options["security_protocol"],
        options["sasl_mechanism"],
        options["sasl_plain_username"],
        options["sasl_plain_password"],
        options["ssl_context"] is not None,
    ) == (protocol, mechanism, "bell", "secret", protocol == "SASL_SSL")

    credentials = faust_credentials(Settings())
    assert isinstance(credentials, faust.SASLCredentials)
    assert (
        credentials.protocol.value,
        getattr(credentials.mechanism, "value", credentials.mechanism),
        credentials.username,
        credentials.password,
        credentials.ssl_context is not None,
    ) == (protocol, mechanism, "bell", "secret", protocol == "SASL_SSL")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate and its key, signed by itself."""
    directory = tmp_path_factory.mktemp("tls")
    certificate, key = directory / "certificate.pem", directory / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-subj", "/CN=salesbell test", "-days", "2"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


def test_tls_reaches_both_clients(authority: tuple[Path, Path]) -> None:
    certificate, key = authority
    settings = Settings(
        security=Security.SSL, tls_ca=certificate, tls_certificate=certificate, tls_key=key
    )
    options = client_options(settings)
    context = options["ssl_context"]
    assert options["security_protocol"] == "SSL"
    assert isinstance(context, ssl.SSLContext)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    subjects = [ca["subject"] for ca in context.get_ca_certs()]
    assert subjects == [((("commonName", "salesbell test"),),)]
    credentials = faust_credentials(settings)
    assert isinstance(credentials, faust.SSLCredentials)
    assert credentials.context.verify_mode is ssl.CERT_REQUIRED


def test_tls_files_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="tls_ca\n  Path does not point to a file"):
        Settings(security=Security.SSL, tls_ca=tmp_path / "none.pem")


def test_business_days_hours_and_holidays(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Settings().business.company
    assert plain.business_days(day("2026-03-01"), day("2026-03-31")) == 22
    settings = said(
        business_days=("sunday", "monday", "tuesday", "wednesday", "thursday"),
        business_opens="08:30",
        business_closes="00:00",
        holiday_country="IN",
        holiday_subdivision="MH",
        holiday_dates=("2026-03-08",),
    )
    business = settings.calendar.business.company
    assert (business.opens, business.closes) == (time(8, 30), time(0))
    # Republic Day is everywhere in India; the 8th of March 2026 is a Sunday.
    assert [business.is_business_day(day(f"2026-{each}")) for each in ("01-26", "01-27")] == [0, 1]
    assert [business.is_business_day(day(f"2026-03-{each}")) for each in ("06", "08", "15")] == [
        0,
        0,
        1,
    ]
    maharashtra_day = day("2025-05-01")
    assert not business.is_business_day(maharashtra_day)
    elsewhere = Settings(holiday_country="IN").business.company
    assert elsewhere.is_business_day(maharashtra_day)
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"holiday_country": "XX"}, r"no holidays are known of 'XX': use one of .*\bIN\b"),
        ({"holiday_country": "IN", "holiday_subdivision": "ZZ"}, "known of 'ZZ': use one of .*MH"),
        ({"holiday_subdivision": "MH"}, "`holiday_country` is not set"),
        ({"business_closes": "09:00"}, "not after they begin at 09:00:00"),
        ({"business_days": ()}, "at least 1 item"),
        ({"business_days": ("caturday",)}, "'monday', 'tuesday'"),
    ],
)
def test_impossible_business_calendars_are_refused(given: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Settings(**given)


def test_a_branch_has_what_differs_of_a_business_calendar(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (alone / "salesbell.toml").write_text(
        'business_opens = "08:30:00"\nholiday_country = "IN"\nholiday_subdivision = "MH"\n'
        'holiday_dates = ["2026-03-02"]\n\n'
        '[branches.PUN]\nbusiness_closes = "20:00:00"\n\n'
        '[branches.BLR]\nholiday_subdivision = "KA"\nholiday_dates = []\n\n'
        '[branches.DXB]\nbusiness_days = ["sunday", "monday"]\nholiday_country = "AE"\n'
    )
    settings = Settings()
    weeks = settings.calendar.business
    assert {name: (week.opens, week.closes) for name, week in weeks.branches.items()} == {
        "BLR": (time(8, 30), time(18)),
        "DXB": (time(8, 30), time(18)),
        "PUN": (time(8, 30), time(20)),
    }
    # The first of May is a holiday of Maharashtra and of Karnataka, the first of November of the
    # latter; the second of December one of the Emirates.
    days = {text: day(text) for text in ("2026-03-02", "2027-05-01", "2027-11-01", "2026-01-26")}
    off = {
        name: {text for text, each in days.items() if each in week.holidays(int(text[:4]))}
        for name, week in (("", weeks.company), *weeks.branches.items())
    }
    assert off == {
        "": {"2026-03-02", "2027-05-01", "2026-01-26"},
        "PUN": {"2026-03-02", "2027-05-01", "2026-01-26"},
        "BLR": {"2027-05-01", "2027-11-01", "2026-01-26"},
        "DXB": {"2026-03-02"},
    }
    assert weeks.branches["DXB"].is_business_day(day("2026-12-06"))
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings


@pytest.mark.parametrize(
    ("calendar", "why"),
    [
        ({"busines_opens": "10:00"}, r"branches\.PUN\.busines_opens\n  Extra inputs"),
        ({"business_days": ["caturday"]}, r"branches\.PUN\.business_days\.0\n.*'monday'"),
        ({"business_opens": "18:00"}, r"`branches\.PUN`: business hours end at 18:00:00, not"),
        ({"holiday_country": "XX"}, r"`branches\.PUN`: no holidays are known of 'XX'"),
        ({"holiday_subdivision": "MH"}, r"`branches\.PUN`: .*`holiday_country` is not set"),
    ],
)
def test_what_is_wrong_with_a_branch_is_named(calendar: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        said(branches={"PUN": calendar})


def test_a_branch_is_named_by_an_id() -> None:
    with pytest.raises(ValidationError, match="no branch can have the id ''"):
        Settings(branches={"": BranchCalendar()})
