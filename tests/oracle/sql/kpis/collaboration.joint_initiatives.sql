-- Row 39: distinct successful initiatives with a participant in the entity.
SELECT
  g.level, g.entity, g.span,
  count(DISTINCT d.subject) AS numerator, NULL AS denominator, 1 AS minor_units,
  count(DISTINCT d.subject) AS n
FROM grid g
LEFT JOIN deed_credits d
  ON d.fact = 'initiative' AND d.level = g.level AND d.entity = g.entity
  AND d.time_us >= g.start_us AND d.time_us < g.end_us
GROUP BY ALL
