-- Row 43: spent on digital campaigns / their leads created, whoever owns them.
-- The company has all digital campaigns, a branch those that name it.
WITH moments AS (
  SELECT campaign, time_us, minor, 0 AS leads FROM spends
  UNION ALL
  SELECT campaign, time_us, 0, 1 FROM leads
), credited AS (
  SELECT m.*, unnest(['company', 'branch']) AS level, unnest(['company', d.branch]) AS entity
  FROM moments m JOIN campaigns d USING (campaign)
  WHERE d.digital
)
SELECT
  g.level, g.entity, g.span,
  coalesce(sum(m.minor), 0) AS numerator, coalesce(sum(m.leads), 0) AS denominator,
  100 AS minor_units, coalesce(sum(m.leads), 0) AS n
FROM grid g
LEFT JOIN credited m
  ON m.level = g.level AND m.entity = g.entity
  AND m.time_us >= g.start_us AND m.time_us < g.end_us
WHERE g.level IN ('branch', 'company')
GROUP BY ALL
