-- Who is credited with what, at every level. In: days(day, start_us), the local days of business.
CREATE TEMP TABLE facts AS
SELECT 'lead' AS fact, lead AS subject, time_us, executive, campaign_branch FROM leads
UNION ALL
SELECT 'qualified', l.lead, q.time_us, l.executive, l.campaign_branch
FROM leads l JOIN (
  SELECT data->>'$.lead_id' AS lead, min(time_us) AS time_us
  FROM events WHERE type = 'lead.qualified' GROUP BY ALL
) q USING (lead)
UNION ALL
SELECT 'sale', loan, time_us, executive, NULL FROM loans
UNION ALL
SELECT 'deed', deed, time_us, executive, NULL FROM deeds
UNION ALL
SELECT * FROM market_facts;

CREATE TEMP TABLE placed AS
WITH dated AS (
  SELECT f.*, d.day FROM facts f ASOF LEFT JOIN days d ON d.start_us <= f.time_us
)
SELECT
  f.*,
  coalesce(p.team, 'unplaced') AS team,
  coalesce(p.branch, 'unplaced') AS branch
FROM dated f
ASOF LEFT JOIN placements p ON p.executive = f.executive AND p.valid_from <= f.day;

-- An unowned lead counts for the company, and for the branch its campaign names.
CREATE TEMP TABLE credits AS
SELECT fact, subject, time_us, day, 'executive' AS level, executive AS entity
FROM placed WHERE executive IS NOT NULL
UNION ALL
SELECT fact, subject, time_us, day, 'team', team FROM placed WHERE executive IS NOT NULL
UNION ALL
SELECT fact, subject, time_us, day, 'branch', branch FROM placed WHERE executive IS NOT NULL
UNION ALL
SELECT fact, subject, time_us, day, 'branch', campaign_branch
FROM placed WHERE executive IS NULL AND campaign_branch IS NOT NULL
UNION ALL
SELECT fact, subject, time_us, day, 'company', 'company' FROM placed;

CREATE TEMP TABLE lead_credits AS
SELECT c.level, c.entity, c.time_us, l.lead, l.channel, l.campaign, l.digital, o.converted, o.minor
FROM credits c
JOIN leads l ON l.lead = c.subject
JOIN outcomes o ON o.lead = c.subject
WHERE c.fact = 'lead';

CREATE TEMP TABLE sale_credits AS
SELECT c.level, c.entity, c.time_us, c.day, s.loan, s.customer, s.minor, s.repeat
FROM credits c JOIN loans s ON s.loan = c.subject
WHERE c.fact = 'sale';

CREATE TEMP TABLE deed_credits AS
SELECT c.level, c.entity, d.*
FROM credits c JOIN deeds d ON d.deed = c.subject
WHERE c.fact = 'deed';

CREATE TEMP TABLE entities AS
SELECT 'company' AS level, 'company' AS entity
UNION
SELECT level, entity FROM credits
UNION
SELECT 'executive', data->>'$.executive_id' FROM events WHERE data->>'$.executive_id' IS NOT NULL
UNION
SELECT 'executive', unnest(
  (data->>'$.participants[*]') || (data->>'$.invited[*]') || (data->>'$.attended[*]'))
FROM events WHERE type IN ('initiative.completed', 'team_event.held')
UNION
SELECT 'team', team FROM placements
UNION
SELECT 'branch', branch FROM placements
UNION
SELECT 'branch', branch FROM campaigns WHERE branch IS NOT NULL
UNION
SELECT level, entity FROM targets
UNION
SELECT level, entity FROM sizes;

-- Every entity in every span: a window (`now`), the one before it (`previous`), the whole period
-- before it (`full`). In: spans, one row for each.
CREATE TEMP TABLE grid AS
SELECT * FROM entities CROSS JOIN spans;
