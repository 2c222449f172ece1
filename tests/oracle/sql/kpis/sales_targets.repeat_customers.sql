-- Row 8: distinct customers with a net disbursal in the window that was not their first.
SELECT
  g.level, g.entity, g.span,
  count(DISTINCT s.customer) AS numerator, NULL AS denominator, 1 AS minor_units,
  count(DISTINCT s.customer) AS n
FROM grid g
LEFT JOIN sale_credits s
  ON s.repeat AND s.level = g.level AND s.entity = g.entity
  AND s.time_us >= g.start_us AND s.time_us < g.end_us
GROUP BY ALL
