-- Row 14: checks passed / checks made, over audits.
SELECT
  g.level, g.entity, g.span,
  coalesce(sum(d.amount), 0) AS numerator, coalesce(sum(d.whole), 0) AS denominator, 1 AS minor_units,
  coalesce(sum(d.whole), 0) AS n
FROM grid g
LEFT JOIN deed_credits d
  ON d.fact = 'audit.completed' AND d.level = g.level AND d.entity = g.entity
  AND d.time_us >= g.start_us AND d.time_us < g.end_us
GROUP BY ALL
