-- Row 22: of the reports due in the window, those that were first submitted by then.
SELECT
  g.level, g.entity, g.span,
  count(*) FILTER (d.good) AS numerator, count(d.deed) AS denominator, 1 AS minor_units,
  count(d.deed) AS n
FROM grid g
LEFT JOIN deed_credits d
  ON d.fact = 'report due' AND d.level = g.level AND d.entity = g.entity
  AND d.time_us >= g.start_us AND d.time_us < g.end_us
GROUP BY ALL
