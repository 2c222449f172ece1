-- Row 1: leads whose first qualification is in the window.
SELECT
  g.level, g.entity, g.span,
  count(c.subject) AS numerator, NULL AS denominator, 1 AS minor_units, count(c.subject) AS n
FROM grid g
LEFT JOIN credits c
  ON c.fact = 'qualified' AND c.level = g.level AND c.entity = g.entity
  AND c.time_us >= g.start_us AND c.time_us < g.end_us
GROUP BY ALL
