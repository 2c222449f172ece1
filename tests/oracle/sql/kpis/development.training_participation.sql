-- Row 33: of the enrolments that end in the window, those completed at any time; with them the
-- certifications earned in the window, by the completion of a training.
WITH counts AS (
  SELECT
    g.level, g.entity, g.span,
    count(*) FILTER (d.fact = 'training ends') AS enrolments,
    count(*) FILTER (d.fact = 'training ends' AND d.good) AS completed,
    count(*) FILTER (d.fact = 'training.completed' AND d.good) AS certifications
  FROM grid g
  LEFT JOIN deed_credits d
    ON d.fact IN ('training ends', 'training.completed')
    AND d.level = g.level AND d.entity = g.entity
    AND d.time_us >= g.start_us AND d.time_us < g.end_us
  GROUP BY ALL
)
SELECT
  level, entity, span,
  completed AS numerator, enrolments AS denominator, 1 AS minor_units, enrolments AS n,
  [('certifications', certifications, 1)] AS companions
FROM counts
