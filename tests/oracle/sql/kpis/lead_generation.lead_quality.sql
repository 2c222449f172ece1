-- Row 3: mean fit of the leads created that there is something to judge by; a mean of fractions.
WITH judged AS (
  SELECT
    g.level, g.entity, g.span, f.judged, sum(100 * f.matched) AS matched, count(f.lead) AS leads
  FROM grid g
  LEFT JOIN (
    SELECT * FROM credits c JOIN fits f ON f.lead = c.subject WHERE c.fact = 'lead'
  ) f
    ON f.level = g.level AND f.entity = g.entity
    AND f.time_us >= g.start_us AND f.time_us < g.end_us
  GROUP BY ALL
)
SELECT
  level, entity, span,
  list((matched, judged)) FILTER (leads > 0) AS numerator, sum(leads) AS denominator,
  1 AS minor_units, sum(leads) AS n
FROM judged
GROUP BY ALL
