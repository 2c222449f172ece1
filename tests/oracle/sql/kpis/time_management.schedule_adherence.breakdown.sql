-- Row 29 by cadence. Tasks without one are in no part.
SELECT
  g.level, g.entity, g.span, d.label AS key,
  [
    ('tasks', count(*), 1),
    ('on_time', count(*) FILTER (d.good), 1),
    ('rate', count(*) FILTER (d.good), count(*))
  ] AS figures
FROM grid g
JOIN deed_credits d
  ON d.fact = 'task due' AND d.level = g.level AND d.entity = g.entity
  AND d.time_us >= g.start_us AND d.time_us < g.end_us
WHERE g.role = 'now' AND d.label IS NOT NULL
GROUP BY ALL
