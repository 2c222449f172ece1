-- Row 42: row 2 over the leads of digital campaigns.
SELECT
  g.level, g.entity, g.span,
  count(*) FILTER (l.converted) AS numerator, count(l.lead) AS denominator, 1 AS minor_units,
  count(l.lead) AS n
FROM grid g
LEFT JOIN lead_credits l
  ON l.digital AND l.level = g.level AND l.entity = g.entity
  AND l.time_us >= g.cohort_start_us AND l.time_us < g.cohort_end_us
WHERE g.daily
GROUP BY ALL
