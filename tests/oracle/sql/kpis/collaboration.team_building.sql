-- Row 40: attendances, invited or not / invitations, of the team events held.
SELECT
  g.level, g.entity, g.span,
  count(*) FILTER (d.fact = 'attendance') AS numerator, count(*) FILTER (d.fact = 'invitation') AS denominator, 1 AS minor_units,
  count(*) FILTER (d.fact = 'invitation') AS n
FROM grid g
LEFT JOIN deed_credits d
  ON d.fact IN ('attendance', 'invitation') AND d.level = g.level AND d.entity = g.entity
  AND d.time_us >= g.start_us AND d.time_us < g.end_us
GROUP BY ALL
