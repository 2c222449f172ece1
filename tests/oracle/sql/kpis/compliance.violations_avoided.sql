-- Row 15: violations avoided.
SELECT
  g.level, g.entity, g.span,
  count(d.deed) AS numerator, NULL AS denominator, 1 AS minor_units,
  count(d.deed) AS n
FROM grid g
LEFT JOIN deed_credits d
  ON d.fact = 'violation.avoided' AND d.level = g.level AND d.entity = g.entity
  AND d.time_us >= g.start_us AND d.time_us < g.end_us
GROUP BY ALL
