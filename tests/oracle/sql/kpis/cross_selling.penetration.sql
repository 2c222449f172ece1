-- Row 25: customers with an open loan at the window's end who hold a product too / all such.
SELECT
  g.level, g.entity, g.span,
  count(*) FILTER (b.product) AS numerator, count(b.customer) AS denominator, 1 AS minor_units,
  count(b.customer) AS n
FROM grid g
LEFT JOIN borrowers b ON b.span = g.span AND b.level = g.level AND b.entity = g.entity
WHERE g.daily
GROUP BY ALL
