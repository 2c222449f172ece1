-- Row 18: leads created with a preference stated / leads created.
SELECT
  g.level, g.entity, g.span,
  count(*) FILTER (c.subject IN (SELECT lead FROM preferences)) AS numerator,
  count(c.subject) AS denominator, 1 AS minor_units, count(c.subject) AS n
FROM grid g
LEFT JOIN credits c
  ON c.fact = 'lead' AND c.level = g.level AND c.entity = g.entity
  AND c.time_us >= g.start_us AND c.time_us < g.end_us
GROUP BY ALL
