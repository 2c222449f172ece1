-- Row 12: mean rating, feedback on service.
SELECT
  g.level, g.entity, g.span,
  coalesce(sum(d.amount), 0) AS numerator, count(d.deed) AS denominator, 1 AS minor_units,
  count(d.deed) AS n
FROM grid g
LEFT JOIN deed_credits d
  ON d.fact = 'feedback.service' AND d.level = g.level AND d.entity = g.entity
  AND d.time_us >= g.start_us AND d.time_us < g.end_us
GROUP BY ALL
