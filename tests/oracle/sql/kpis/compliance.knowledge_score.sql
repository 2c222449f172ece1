-- Row 13: mean of 100 x score / max_score. The numerator is a list of fractions, one for each
-- max_score, so that it stays exact.
WITH sums AS (
  SELECT
    g.level, g.entity, g.span, d.whole,
    100 * sum(d.amount) AS amount, count(d.deed) AS assessments
  FROM grid g
  LEFT JOIN deed_credits d
    ON d.fact = 'assessment.completed' AND d.level = g.level AND d.entity = g.entity
    AND d.time_us >= g.start_us AND d.time_us < g.end_us
  GROUP BY ALL
)
SELECT
  level, entity, span,
  list((amount, whole)) FILTER (whole IS NOT NULL) AS numerator,
  sum(assessments) AS denominator, 1 AS minor_units, sum(assessments) AS n
FROM sums
GROUP BY ALL
