-- Row 4 by channel. index = the channel's amount for each lead / that of all.
WITH channels AS (
  SELECT
    g.level, g.entity, g.span, l.channel AS key,
    count(*) AS leads, sum(l.minor) AS minor
  FROM grid g
  JOIN lead_credits l
    ON l.level = g.level AND l.entity = g.entity
    AND l.time_us >= g.cohort_start_us AND l.time_us < g.cohort_end_us
  WHERE g.daily AND g.role = 'now'
  GROUP BY ALL
), totals AS (
  SELECT *, sum(leads) OVER entity AS all_leads, sum(minor) OVER entity AS all_minor
  FROM channels
  WINDOW entity AS (PARTITION BY level, entity, span)
)
SELECT
  level, entity, span, key,
  [
    ('leads', leads, 1),
    ('amount', minor, 100),
    ('per_lead', minor, 100 * leads),
    ('index', minor * all_leads, leads * all_minor)
  ] AS figures
FROM totals
