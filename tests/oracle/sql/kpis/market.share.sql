-- Row 17: net disbursed amount / the market's size over the window's days, if each day has one.
WITH sold AS (
  SELECT
    g.level, g.entity, g.span, g.first_day, g.last_day,
    coalesce(sum(s.minor), 0) AS minor, count(s.loan) AS loans
  FROM grid g
  LEFT JOIN sale_credits s
    ON s.level = g.level AND s.entity = g.entity
    AND s.time_us >= g.start_us AND s.time_us < g.end_us
  WHERE g.daily
  GROUP BY ALL
), sized AS (
  SELECT
    m.level, m.entity, s.span, d.parts, sum(d.minor) AS minor, count(*) AS days
  FROM markets m
  JOIN day_sizes d ON d.level = m.market_level AND d.entity = m.market
  JOIN day_spans s ON d.day BETWEEN s.first_day AND s.last_day
  GROUP BY ALL
), whole AS (
  SELECT level, entity, span, list((minor, 100 * parts)) AS size, sum(days) AS days
  FROM sized
  GROUP BY ALL
)
SELECT
  s.level, s.entity, s.span,
  s.minor AS numerator,
  CASE WHEN w.days = s.last_day - s.first_day + 1 THEN w.size ELSE [] END AS denominator,
  100 AS minor_units, s.loans AS n
FROM sold s
LEFT JOIN whole w USING (level, entity, span)
