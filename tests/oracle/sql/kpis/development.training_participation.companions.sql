-- Row 33: certifications earned in the window, by the completion of a training.
SELECT g.level, g.entity, g.span, [('certifications', count(d.deed), 1)] AS figures
FROM grid g
LEFT JOIN deed_credits d
  ON d.fact = 'training.completed' AND d.good AND d.level = g.level AND d.entity = g.entity
  AND d.time_us >= g.start_us AND d.time_us < g.end_us
WHERE g.role = 'now'
GROUP BY ALL
