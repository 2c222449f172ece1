-- Row 36: distinct pairs of executive and article.
SELECT
  g.level, g.entity, g.span,
  count(DISTINCT (d.executive, d.subject)) FILTER (d.deed IS NOT NULL) AS numerator, NULL AS denominator, 1 AS minor_units,
  count(DISTINCT (d.executive, d.subject)) FILTER (d.deed IS NOT NULL) AS n
FROM grid g
LEFT JOIN deed_credits d
  ON d.fact = 'article read' AND d.level = g.level AND d.entity = g.entity
  AND d.time_us >= g.start_us AND d.time_us < g.end_us
GROUP BY ALL
