"""What a worker says of itself, after it has taken in the worked example."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

from streams.dead_letters import Reason
from tests.metrics.conftest import EVENTS, Run, scraped
from tests.services.prometheus import promtool

if TYPE_CHECKING:
    from prometheus_client.samples import Sample


def samples(run: Run) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = {}
    for family in text_string_to_metric_families(scraped(run.worker)):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample)
    return found


def test_promtool_finds_no_fault(run: Run) -> None:
    done = promtool("check", "metrics", text=scraped(run.worker))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_event_is_accounted_for(run: Run) -> None:
    found = samples(run)
    read = {s.labels["topic"].rpartition(".")[2]: s.value for s in found["salesbell_events_total"]}
    assert read.keys() == {"leads", "sales", "feedback", "activity", "reference"}
    assert sum(read.values()) == EVENTS
    assert found["salesbell_events_duplicate_total"][0].value == 1
    rejected = found["salesbell_events_rejected_total"]
    assert sum(sample.value for sample in rejected) == 2
    assert {sample.labels["reason"] for sample in rejected} == set(Reason)


def test_work_is_counted_by_stage(run: Run) -> None:
    found = samples(run)
    stages = {"intake", "journeys", "panes", "rollups"}
    for metric in ("salesbell_batch_records", "salesbell_batch_duration_seconds"):
        counts = {s.labels["stage"]: s.value for s in found[f"{metric}_count"]}
        assert counts.keys() == stages
        assert all(counts.values())
    sizes = {s.labels["stage"]: s.value for s in found["salesbell_batch_records_sum"]}
    assert sizes["intake"] == EVENTS


def test_the_way_of_an_event_is_timed_where_scores_are_published(run: Run) -> None:
    found = samples(run)
    for metric in ("salesbell_ingestion_to_score_seconds", "salesbell_event_to_score_seconds"):
        counts = {s.labels["stage"]: s.value for s in found[f"{metric}_count"]}
        assert counts.keys() == {"panes", "rollups"}
        assert all(counts.values())
    took = {s.labels["stage"]: s.value for s in found["salesbell_ingestion_to_score_seconds_sum"]}
    since = {s.labels["stage"]: s.value for s in found["salesbell_event_to_score_seconds_sum"]}
    assert all(0 < took[stage] < since[stage] for stage in took), "the events are of last spring"


def test_nothing_lags_behind_when_all_is_drained(run: Run) -> None:
    lag = samples(run)["salesbell_consumer_lag_records"]
    assert {sample.labels["topic"].rpartition(".")[2] for sample in lag} >= {
        *("leads", "sales", "feedback", "activity", "reference"),
        *("subjects", "facts", "rollups"),
    }
    assert sum(sample.value for sample in lag) == 0


def test_tables_are_as_large_as_what_they_hold(run: Run) -> None:
    found = samples(run)
    keys = {sample.labels["table"]: sample.value for sample in found["salesbell_table_keys"]}
    assert keys.keys() == {"journeys", "panes", "rollups"}
    assert all(keys.values())
    assert found["salesbell_recovery_active"][0].value == 0
    assert found["salesbell_scores_published_total"][0].value > 0


def test_the_newest_event_of_a_source_has_its_own_time(run: Run) -> None:
    newest = samples(run)["salesbell_last_event_timestamp_seconds"]
    assert len(newest) == 5
    assert all(1.7e9 < sample.value < 1.775e9 for sample in newest), "within spring 2026"
