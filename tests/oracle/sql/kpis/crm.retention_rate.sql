-- Row 10: of the customers active before the window, repayments at term apart, those who stayed.
WITH counted AS (
  SELECT
    g.level, g.entity, g.span, count(r.customer) AS active,
    count(*) FILTER (r.lapsed AND r.matured) AS matured,
    count(*) FILTER (r.lapsed AND NOT r.matured) AS lost
  FROM grid g
  LEFT JOIN retained r ON r.span = g.span AND r.level = g.level AND r.entity = g.entity
  WHERE g.daily
  GROUP BY ALL
)
SELECT
  level, entity, span,
  active - matured - lost AS numerator, active - matured AS denominator, 1 AS minor_units,
  active - matured AS n,
  [('matured', matured, 1)] AS companions
FROM counted
