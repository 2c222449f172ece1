-- Row 21: how near the reported figures were. In: accuracies(report, accuracy), a row for each
-- figure that can be judged, in units of 1e-12.
SELECT
  g.level, g.entity, g.span,
  coalesce(sum(a.accuracy), 0) AS numerator, count(a.accuracy) AS denominator,
  1000000000000 AS minor_units, count(a.accuracy) AS n
FROM grid g
LEFT JOIN (
  SELECT c.level, c.entity, c.time_us, a.accuracy
  FROM credits c JOIN accuracies a ON a.report = c.subject
  WHERE c.fact = 'report'
) a
  ON a.level = g.level AND a.entity = g.entity
  AND a.time_us >= g.start_us AND a.time_us < g.end_us
WHERE g.daily
GROUP BY ALL
