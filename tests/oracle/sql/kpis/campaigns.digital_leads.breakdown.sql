-- Row 41 by campaign.
SELECT g.level, g.entity, g.span, l.campaign AS key, [('leads', count(*), 1)] AS figures
FROM grid g
JOIN lead_credits l
  ON l.digital AND l.level = g.level AND l.entity = g.entity
  AND l.time_us >= g.start_us AND l.time_us < g.end_us
WHERE g.role = 'now'
GROUP BY ALL
