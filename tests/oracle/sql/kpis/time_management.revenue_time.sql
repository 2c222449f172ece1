-- Row 31: minutes of selling, prospecting and follow-up / minutes logged. n: the entries.
SELECT
  g.level, g.entity, g.span,
  [(coalesce(sum(d.amount) FILTER (d.good), 0), 100)] AS numerator,
  [(coalesce(sum(d.amount), 0), 100)] AS denominator,
  1 AS minor_units, count(d.deed) AS n
FROM grid g
LEFT JOIN deed_credits d
  ON d.fact = 'time.logged' AND d.level = g.level AND d.entity = g.entity
  AND d.time_us >= g.start_us AND d.time_us < g.end_us
GROUP BY ALL
