-- Row 24: the least-squares slope of the volume a day x 7 / the mean volume a day.
-- With x = 0 .. N-1 over the N days, Sx = N(N-1)/2 and N Sxx - Sx^2 = N^2 (N^2 - 1) / 12, so that
-- value = 7 N (N Sxy - Sx Sy) / (Sy (N Sxx - Sx^2)); the minor units cancel.
WITH sums AS (
  SELECT
    g.level, g.entity, g.span, g.trend_days::HUGEINT AS days,
    coalesce(sum(s.minor), 0)::HUGEINT AS y,
    coalesce(sum(s.minor * (s.day - g.first_day)), 0)::HUGEINT AS xy
  FROM grid g
  LEFT JOIN sale_credits s
    ON s.level = g.level AND s.entity = g.entity
    AND s.day >= g.first_day AND s.day < g.first_day + g.trend_days
  WHERE g.daily
  GROUP BY ALL
)
SELECT
  level, entity, span,
  7 * days * (days * xy - (days * (days - 1)) // 2 * y) AS numerator,
  CASE WHEN days >= 3 THEN y * (days * days * (days * days - 1) // 12) ELSE 0 END AS denominator,
  1 AS minor_units, days AS n
FROM sums
