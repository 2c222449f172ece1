-- Row 43 by campaign.
WITH moments AS (
  SELECT campaign, time_us, minor, 0 AS leads FROM spends
  UNION ALL
  SELECT campaign, time_us, 0, 1 FROM leads
), credited AS (
  SELECT m.*, unnest(['company', 'branch']) AS level, unnest(['company', d.branch]) AS entity
  FROM moments m JOIN campaigns d USING (campaign)
  WHERE d.digital
), campaigns_of AS (
  SELECT
    g.level, g.entity, g.span, m.campaign AS key,
    sum(m.minor) AS minor, sum(m.leads) AS leads
  FROM grid g
  JOIN credited m
    ON m.level = g.level AND m.entity = g.entity
    AND m.time_us >= g.start_us AND m.time_us < g.end_us
  WHERE g.role = 'now'
  GROUP BY ALL
)
SELECT
  level, entity, span, key,
  [('spent', minor, 100), ('leads', leads, 1), ('per_lead', minor, 100 * leads)] AS figures
FROM campaigns_of
