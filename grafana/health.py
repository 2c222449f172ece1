"""Panels of the service: is what is shown live, and does it keep up."""

from __future__ import annotations

from grafana.shapes import QUARTER, THIRD, Query, Shape

_RATE = "[$__rate_interval]"


def _quantiles(metric: str, label: str) -> tuple[Query, ...]:
    rate = f"sum by (le, {label}) (rate({metric}_bucket{_RATE}))"
    return tuple(
        Query(f"histogram_quantile({share}, {rate})", f"{{{{{label}}}}} {name}")
        for share, name in ((0.5, "median"), (0.99, "p99"))
    )


FRESHNESS = (
    Shape(
        "Does the feed follow the scores?",
        "1 while the API follows the scores topic; at 0 it exposes no score.",
        "none",
        (Query("min(salesbell_feed_live)", "live"),),
        QUARTER,
        (0, 1),
    ),
    Shape(
        "Age of the newest score",
        "Since the last score was published. Scores are renewed at least every five minutes.",
        "s",
        (Query("time() - max(salesbell_feed_last_record_timestamp_seconds)", "age"),),
        QUARTER,
    ),
    Shape(
        "Age of the watermark",
        "All events that came before it are scored. Some ten seconds while workers keep up.",
        "s",
        (Query("time() - max(salesbell_feed_scored_until_timestamp_seconds)", "age"),),
        QUARTER,
    ),
    Shape(
        "Age of the oldest score",
        "Since the as-of moment of the score that was not evaluated for longest.",
        "s",
        (Query("time() - max by (level) (salesbell_oldest_score_timestamp_seconds)", "{{level}}"),),
        QUARTER,
    ),
)

STREAM = (
    Shape(
        "Events in",
        "Records read from each source, per second.",
        "cps",
        (Query(f"sum by (topic) (rate(salesbell_events_total{_RATE}))", "{{topic}}"),),
        THIRD,
    ),
    Shape(
        "Age of the newest event",
        "Since the newest event of each source happened.",
        "s",
        (
            Query(
                "time() - max by (topic) (salesbell_last_event_timestamp_seconds)",
                "{{topic}}",
            ),
        ),
        THIRD,
    ),
    Shape(
        "How late events come",
        "From an event to its ingestion, one event of each batch.",
        "s",
        _quantiles("salesbell_event_lateness_seconds", "topic"),
        THIRD,
    ),
    Shape(
        "Lag",
        "Records that the workers have not acknowledged.",
        "short",
        (Query("sum by (topic) (salesbell_consumer_lag_records)", "{{topic}}"),),
        THIRD,
    ),
    Shape(
        "Dead letters",
        "Records that cannot count, in the last hour, by reason.",
        "short",
        (
            Query(
                "sum by (topic, reason) (increase(salesbell_events_rejected_total[1h]))",
                "{{topic}} {{reason}}",
            ),
        ),
        THIRD,
    ),
    Shape(
        "From ingestion to score",
        "From the oldest source record behind a batch to the publication of its scores: executives "
        "by panes, teams and above by rollups.",
        "s",
        _quantiles("salesbell_ingestion_to_score_seconds", "stage"),
        THIRD,
    ),
    Shape(
        "From event to score",
        "The same from the moment at which the event happened.",
        "s",
        _quantiles("salesbell_event_to_score_seconds", "stage"),
        THIRD,
    ),
    Shape(
        "Duplicates and replays",
        "Events that repeated one, and what was known after a restart and skipped, in the last "
        "hour.",
        "short",
        (
            Query("sum(increase(salesbell_events_duplicate_total[1h]))", "duplicates"),
            Query("sum(increase(salesbell_replays_skipped_total[1h]))", "replays"),
        ),
        THIRD,
    ),
    Shape(
        "Scores published",
        "Per second.",
        "cps",
        (Query(f"sum(rate(salesbell_scores_published_total{_RATE}))", "scores"),),
        THIRD,
    ),
)

WORKERS = (
    Shape(
        "Time per batch",
        "How long the pieces of work of each stage took.",
        "s",
        _quantiles("salesbell_batch_duration_seconds", "stage"),
        THIRD,
    ),
    Shape(
        "Size of batches",
        "Records of a piece of work: of the sources at intake, frames of many items after it.",
        "short",
        _quantiles("salesbell_batch_records", "stage"),
        THIRD,
    ),
    Shape(
        "Keys of tables",
        "Over all workers.",
        "short",
        (Query("sum by (table) (salesbell_table_keys)", "{{table}}"),),
        THIRD,
    ),
    Shape(
        "Processor",
        "Cores in use, by process.",
        "none",
        (
            Query(
                f'rate(process_cpu_seconds_total{{job=~"salesbell.*"}}{_RATE})',
                "{{job}} {{instance}}",
            ),
        ),
        THIRD,
    ),
    Shape(
        "Memory",
        "Resident, by process.",
        "bytes",
        (
            Query(
                'process_resident_memory_bytes{job=~"salesbell.*"}',
                "{{job}} {{instance}}",
            ),
        ),
        THIRD,
    ),
    Shape(
        "Recovery, and who follows",
        "Workers that rebuild their tables; open streams of the API.",
        "short",
        (
            Query("sum(salesbell_recovery_active)", "recovering"),
            Query("sum(salesbell_feed_subscribers)", "streams"),
        ),
        THIRD,
    ),
)
