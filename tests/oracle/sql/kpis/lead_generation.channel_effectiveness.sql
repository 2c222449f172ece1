-- Row 4: net amount of the leads of the shifted window within their full time, for each lead.
SELECT
  g.level, g.entity, g.span,
  coalesce(sum(l.minor), 0) AS numerator, count(l.lead) AS denominator, 100 AS minor_units,
  count(l.lead) AS n
FROM grid g
LEFT JOIN lead_credits l
  ON l.level = g.level AND l.entity = g.entity
  AND l.time_us >= g.cohort_start_us AND l.time_us < g.cohort_end_us
WHERE g.daily
GROUP BY ALL
