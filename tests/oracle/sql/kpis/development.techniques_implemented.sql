-- Row 35: techniques first applied in the window, learned by then / those that waited to be.
WITH waiting AS (
  SELECT
    s.span, t.technique, f.level, f.entity,
    t.applied_us >= s.start_us AND t.applied_us < s.end_us AND t.learned_us <= t.applied_us
      AS implemented
  FROM day_spans s
  JOIN techniques t
    ON t.learned_us < s.end_us AND (t.applied_us IS NULL OR t.applied_us >= s.start_us)
  JOIN followers f USING (executive)
)
SELECT
  g.level, g.entity, g.span,
  count(*) FILTER (w.implemented) AS numerator, count(w.technique) AS denominator,
  1 AS minor_units, count(w.technique) AS n
FROM grid g
LEFT JOIN waiting w ON w.span = g.span AND w.level = g.level AND w.entity = g.entity
WHERE g.daily
GROUP BY ALL
