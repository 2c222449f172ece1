-- Row 44: leads created / leads created in the window before - 1. It has no previous value.
WITH counted AS (
  SELECT g.level, g.entity, g.window_name, g.role, count(l.lead) AS leads
  FROM grid g
  LEFT JOIN lead_credits l
    ON l.level = g.level AND l.entity = g.entity
    AND l.time_us >= g.start_us AND l.time_us < g.end_us
  WHERE g.role IN ('now', 'previous')
  GROUP BY ALL
)
SELECT
  now.level, now.entity, now.window_name || ' now' AS span,
  now.leads - before.leads AS numerator, before.leads AS denominator, 1 AS minor_units,
  before.leads AS n
FROM counted now
JOIN counted before USING (level, entity, window_name)
WHERE now.role = 'now' AND before.role = 'previous'
