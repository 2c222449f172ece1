-- Row 29 by cadence, `none` for the tasks without one.
SELECT
  g.level, g.entity, g.span, coalesce(d.label, 'none') AS key,
  [
    ('tasks', count(*), 1),
    ('in_time', count(*) FILTER (d.good), 1),
    ('rate', count(*) FILTER (d.good), count(*))
  ] AS figures
FROM grid g
JOIN deed_credits d
  ON d.fact = 'task due' AND d.level = g.level AND d.entity = g.entity
  AND d.time_us >= g.start_us AND d.time_us < g.end_us
WHERE g.role = 'now'
GROUP BY ALL
