-- Row 11: leads created that a customer of the time referred.
SELECT
  g.level, g.entity, g.span,
  count(c.subject) AS numerator, NULL AS denominator, 1 AS minor_units, count(c.subject) AS n
FROM grid g
LEFT JOIN (SELECT * FROM credits WHERE fact = 'lead' AND subject IN (FROM referrals)) c
  ON c.level = g.level AND c.entity = g.entity
  AND c.time_us >= g.start_us AND c.time_us < g.end_us
GROUP BY ALL
