-- Row 19: segments that emerge. It has no previous value.
WITH counted AS (
  SELECT
    level, entity, window_name, any_value(m) AS m, any_value(n) AS n,
    count(*) FILTER (emerges) AS emerged
  FROM emerging
  GROUP BY ALL
)
SELECT
  g.level, g.entity, g.span,
  coalesce(e.emerged, 0) AS numerator,
  CASE WHEN e.m > 0 THEN NULL ELSE 0 END AS denominator, 1 AS minor_units,
  coalesce(e.n, 0)::BIGINT AS n
FROM grid g
LEFT JOIN counted e USING (level, entity, window_name)
WHERE g.daily AND g.role = 'now' AND g.level <> 'executive'
