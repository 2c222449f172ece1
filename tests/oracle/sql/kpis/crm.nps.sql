-- Row 9: 100 x (promoters - detractors) / responses.
SELECT
  g.level, g.entity, g.span,
  count(*) FILTER (d.amount >= 9) - count(*) FILTER (d.amount <= 6) AS numerator, count(d.deed) AS denominator, 1 AS minor_units,
  count(d.deed) AS n
FROM grid g
LEFT JOIN deed_credits d
  ON d.fact = 'feedback.nps' AND d.level = g.level AND d.entity = g.entity
  AND d.time_us >= g.start_us AND d.time_us < g.end_us
GROUP BY ALL
