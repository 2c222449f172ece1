-- Row 42 by campaign.
WITH campaigns_of AS (
  SELECT
    g.level, g.entity, g.span, l.campaign AS key,
    count(*) AS leads, count(*) FILTER (l.converted) AS converted
  FROM grid g
  JOIN lead_credits l
    ON l.digital AND l.level = g.level AND l.entity = g.entity
    AND l.time_us >= g.cohort_start_us AND l.time_us < g.cohort_end_us
  WHERE g.daily AND g.role = 'now'
  GROUP BY ALL
)
SELECT
  level, entity, span, key,
  [('leads', leads, 1), ('converted', converted, 1), ('rate', converted, leads)] AS figures
FROM campaigns_of
