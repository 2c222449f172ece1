-- Row 15: violations avoided; with them those recorded, and the share avoided of all that were made.
WITH counts AS (
  SELECT
    g.level, g.entity, g.span,
    count(*) FILTER (d.fact = 'violation.avoided') AS avoided,
    count(*) FILTER (d.fact = 'violation.recorded') AS recorded
  FROM grid g
  LEFT JOIN deed_credits d
    ON d.fact IN ('violation.avoided', 'violation.recorded')
    AND d.level = g.level AND d.entity = g.entity
    AND d.time_us >= g.start_us AND d.time_us < g.end_us
  GROUP BY ALL
)
SELECT
  level, entity, span,
  avoided AS numerator, NULL AS denominator, 1 AS minor_units, avoided AS n,
  [('recorded', recorded, 1), ('catch_rate', avoided, avoided + recorded)] AS companions
FROM counts
