-- Row 19 by segment: p only where there are leads enough to test.
SELECT
  level, entity, window_name || ' now' AS span, segment AS key,
  [
    ('leads', leads, 1),
    ('share', leads, n),
    ('previous_share', leads_before, n_before),
    ('p', p, 1),
    ('emerging', emerges::INTEGER, 1)
  ] AS figures
FROM emerging
WHERE leads > 0
