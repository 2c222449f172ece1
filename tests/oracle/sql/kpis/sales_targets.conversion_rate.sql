-- Row 6: net disbursals in the window / leads created in the window, whoever's they were.
WITH moments AS (
  SELECT level, entity, time_us, 0 AS leads, 1 AS sales FROM sale_credits
  UNION ALL
  SELECT level, entity, time_us, 1, 0 FROM lead_credits
)
SELECT
  g.level, g.entity, g.span,
  coalesce(sum(m.sales), 0) AS numerator, coalesce(sum(m.leads), 0) AS denominator,
  1 AS minor_units, coalesce(sum(m.leads), 0) AS n
FROM grid g
LEFT JOIN moments m
  ON m.level = g.level AND m.entity = g.entity
  AND m.time_us >= g.start_us AND m.time_us < g.end_us
GROUP BY ALL
