-- Row 7: net disbursed amount / net disbursals.
SELECT
  g.level, g.entity, g.span,
  coalesce(sum(s.minor), 0) AS numerator, count(s.loan) AS denominator, 100 AS minor_units,
  count(s.loan) AS n
FROM grid g
LEFT JOIN sale_credits s
  ON s.level = g.level AND s.entity = g.entity
  AND s.time_us >= g.start_us AND s.time_us < g.end_us
GROUP BY ALL
