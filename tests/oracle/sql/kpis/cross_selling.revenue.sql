-- Row 26: net revenue of products sold.
SELECT
  g.level, g.entity, g.span,
  coalesce(sum(d.amount), 0) AS numerator, NULL AS denominator, 100 AS minor_units,
  count(d.deed) AS n
FROM grid g
LEFT JOIN deed_credits d
  ON d.fact = 'product sold' AND d.level = g.level AND d.entity = g.entity
  AND d.time_us >= g.start_us AND d.time_us < g.end_us
GROUP BY ALL
