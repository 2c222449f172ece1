-- Which segments emerge (Benjamini-Hochberg at 5 %): of equal p all have the last's place i.
-- In: tails(z, p), the chance that a standard normal exceeds z.
CREATE TEMP TABLE emerging AS
WITH tested AS (
  SELECT s.*, t.p,
    count(t.p) OVER tests AS m,
    CASE WHEN t.p IS NOT NULL THEN count(t.p) OVER (
      PARTITION BY s.level, s.entity, s.window_name ORDER BY t.p) END AS i
  FROM segments s LEFT JOIN tails t USING (z)
  WINDOW tests AS (PARTITION BY s.level, s.entity, s.window_name)
), last_below AS (
  SELECT *, max(i) FILTER (p <= 0.05 * i / m) OVER (PARTITION BY level, entity, window_name) AS k
  FROM tested
)
SELECT *, coalesce(i <= k, false) AS emerges FROM last_below;
