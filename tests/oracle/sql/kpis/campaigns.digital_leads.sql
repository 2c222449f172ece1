-- Row 41: leads created through digital campaigns.
SELECT
  g.level, g.entity, g.span,
  count(l.lead) AS numerator, NULL AS denominator, 1 AS minor_units, count(l.lead) AS n
FROM grid g
LEFT JOIN lead_credits l
  ON l.digital AND l.level = g.level AND l.entity = g.entity
  AND l.time_us >= g.start_us AND l.time_us < g.end_us
GROUP BY ALL
