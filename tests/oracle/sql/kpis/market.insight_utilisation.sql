-- Row 20: distinct open insights that the entity's executives applied / those open for the company.
WITH open AS (
  SELECT s.span, i.insight
  FROM day_spans s
  JOIN insights i
    ON i.time_us < s.end_us AND (i.expires_us IS NULL OR i.expires_us > s.start_us)
), counted AS (
  SELECT span, count(*) AS insights FROM open GROUP BY span
), applied AS (
  SELECT g.level, g.entity, g.span, count(DISTINCT c.subject) AS insights
  FROM grid g
  JOIN credits c
    ON c.fact = 'insight' AND c.level = g.level AND c.entity = g.entity
    AND c.time_us >= g.start_us AND c.time_us < g.end_us
  JOIN open o ON o.span = g.span AND o.insight = c.subject
  WHERE g.daily
  GROUP BY ALL
)
SELECT
  g.level, g.entity, g.span,
  coalesce(a.insights, 0) AS numerator, coalesce(o.insights, 0) AS denominator, 1 AS minor_units,
  coalesce(o.insights, 0) AS n
FROM grid g
LEFT JOIN applied a USING (level, entity, span)
LEFT JOIN counted o USING (span)
WHERE g.daily
