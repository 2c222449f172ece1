-- Row 18 by preference: leads by value, the value most have, and how evenly they are spread.
WITH counted AS (
  SELECT g.level, g.entity, g.span, p.preference AS key, p.choice, count(*) AS leads
  FROM grid g
  JOIN credits c
    ON c.fact = 'lead' AND c.level = g.level AND c.entity = g.entity
    AND c.time_us >= g.start_us AND c.time_us < g.end_us
  JOIN preferences p ON p.lead = c.subject
  WHERE g.role = 'now'
  GROUP BY ALL
), shares AS (
  SELECT *, leads / sum(leads) OVER (PARTITION BY level, entity, span, key) AS share FROM counted
)
SELECT
  level, entity, span, key,
  list(('counts.' || choice, leads, 1)) || [(
    'entropy',
    CASE WHEN count(*) = 1 THEN 0 ELSE -sum(share * ln(share)) / ln(count(*)) END,
    1
  )] AS figures,
  [('top', first(choice ORDER BY leads DESC, choice))] AS names
FROM shares
GROUP BY level, entity, span, key
