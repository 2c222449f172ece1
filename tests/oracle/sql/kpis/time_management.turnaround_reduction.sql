-- Row 32: (p - m) / max(p, m) of the mean turnarounds m now and p before; it has no previous value.
-- Companions in business minutes. A quantile q of n is the one at place floor(q (n - 1)) from 0.
WITH answered AS (
  SELECT
    g.level, g.entity, g.window_name, g.role,
    coalesce(sum(i.turnaround_us), 0) AS total, count(i.inquiry) AS answers,
    list_sort(list(i.turnaround_us) FILTER (i.inquiry IS NOT NULL)) AS turnarounds
  FROM grid g
  LEFT JOIN (
    SELECT c.level, c.entity, c.time_us, i.inquiry, i.turnaround_us
    FROM credits c JOIN inquiries i ON i.inquiry = c.subject
    WHERE c.fact = 'answer'
  ) i
    ON i.level = g.level AND i.entity = g.entity
    AND i.time_us >= g.start_us AND i.time_us < g.end_us
  WHERE g.role IN ('now', 'previous')
  GROUP BY ALL
), compared AS (
  SELECT
    now.*, before.answers AS answers_before,
    -- Both means, times the answers of both.
    now.total * before.answers AS m, before.total * now.answers AS p
  FROM answered now
  JOIN answered before USING (level, entity, window_name)
  WHERE now.role = 'now' AND before.role = 'previous'
)
SELECT
  level, entity, window_name || ' now' AS span,
  CASE WHEN answers * answers_before > 0 THEN [(p - m, 60000000 * answers * answers_before)] ELSE [] END
    AS numerator,
  CASE
    WHEN answers * answers_before = 0 THEN []
    WHEN greatest(p, m) = 0 THEN [(1, 1)]
    ELSE [(greatest(p, m), 60000000 * answers * answers_before)]
  END AS denominator,
  1 AS minor_units, answers AS n,
  [
    ('mean', total, 60000000 * answers),
    ('p50', turnarounds[1 + (answers - 1) * 50 // 100], 60000000),
    ('p90', turnarounds[1 + (answers - 1) * 90 // 100], 60000000)
  ] AS companions
FROM compared
