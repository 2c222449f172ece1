-- Row 26 by kind and by product.
WITH parts AS (
  SELECT
    g.level, g.entity, g.span,
    unnest(['kind:' || p.kind, 'product:' || p.product]) AS key,
    p.minor
  FROM grid g
  JOIN deed_credits d
    ON d.fact = 'product sold' AND d.level = g.level AND d.entity = g.entity
    AND d.time_us >= g.start_us AND d.time_us < g.end_us
  JOIN net_products p ON p.holding = d.subject
  WHERE g.role = 'now'
)
SELECT
  level, entity, span, key, [('revenue', sum(minor), 100), ('sold', count(*), 1)] AS figures
FROM parts
GROUP BY ALL
