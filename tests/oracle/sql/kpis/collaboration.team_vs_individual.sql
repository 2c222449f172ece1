-- Row 37: net disbursed amount / the sum of its executives' own targets for the window's days.
-- An executive shows what his team of as-of's day has.
WITH shown AS (
  SELECT
    g.level, g.entity, g.span, g.start_us, g.end_us,
    CASE g.level WHEN 'executive' THEN 'team' ELSE g.level END AS whose_level,
    CASE g.level WHEN 'executive' THEN t.team ELSE g.entity END AS whose
  FROM grid g
  LEFT JOIN today t ON g.level = 'executive' AND t.executive = g.entity
  WHERE g.daily
), sold AS (
  SELECT
    w.level, w.entity, w.span, w.whose_level, w.whose,
    coalesce(sum(s.minor), 0) AS minor, count(s.loan) AS loans
  FROM shown w
  LEFT JOIN sale_credits s
    ON s.level = w.whose_level AND s.entity = w.whose
    AND s.time_us >= w.start_us AND s.time_us < w.end_us
  GROUP BY ALL
), due AS (
  SELECT t.level, t.entity, s.span, t.parts, sum(t.minor) AS minor
  FROM members_targets t
  JOIN day_spans s ON t.day BETWEEN s.first_day AND s.last_day
  GROUP BY ALL
), whole AS (
  SELECT level, entity, span, list((minor, 100 * parts)) AS target FROM due GROUP BY ALL
)
SELECT
  s.level, s.entity, s.span,
  s.minor AS numerator, coalesce(w.target, []) AS denominator, 100 AS minor_units, s.loans AS n
FROM sold s
LEFT JOIN whole w ON w.level = s.whose_level AND w.entity = s.whose AND w.span = s.span
