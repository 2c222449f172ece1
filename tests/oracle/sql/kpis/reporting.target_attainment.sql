-- Row 23: net disbursed amount / its target for the window's days.
WITH sold AS (
  SELECT
    g.level, g.entity, g.span, coalesce(sum(s.minor), 0) AS minor, count(s.loan) AS loans
  FROM grid g
  LEFT JOIN sale_credits s
    ON s.level = g.level AND s.entity = g.entity
    AND s.time_us >= g.start_us AND s.time_us < g.end_us
  WHERE g.daily
  GROUP BY ALL
), due AS (
  SELECT t.level, t.entity, s.span, t.parts, sum(t.minor) AS minor
  FROM day_targets t
  JOIN day_spans s ON t.day BETWEEN s.first_day AND s.last_day
  GROUP BY ALL
), whole AS (
  SELECT level, entity, span, list((minor, 100 * parts)) AS target FROM due GROUP BY ALL
)
SELECT
  s.level, s.entity, s.span,
  s.minor AS numerator, coalesce(w.target, []) AS denominator, 100 AS minor_units, s.loans AS n
FROM sold s
LEFT JOIN whole w USING (level, entity, span)
