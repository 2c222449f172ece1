-- What balances, targets and the market come to, by entity.
-- In: grid with the spans of reports; the variables as_of_day, horizon_first, horizon_last: the days
-- from the first span's first to the last span's last.

-- Where executives are on as-of's day.
CREATE TEMP TABLE today AS
SELECT
  e.entity AS executive,
  coalesce(p.team, 'unplaced') AS team,
  coalesce(p.branch, 'unplaced') AS branch
FROM (
  SELECT entity, getvariable('as_of_day') AS day FROM entities WHERE level = 'executive'
) e
ASOF LEFT JOIN placements p ON p.executive = e.entity AND p.valid_from <= e.day;

-- Whose a balance is: that of the executive follows him.
CREATE TEMP TABLE followers AS
SELECT executive, 'executive' AS level, executive AS entity FROM today
UNION ALL
SELECT executive, 'team', team FROM today
UNION ALL
SELECT executive, 'branch', branch FROM today
UNION ALL
SELECT executive, 'company', 'company' FROM today;

CREATE TEMP TABLE day_spans AS
SELECT DISTINCT span, start_us, end_us, first_day, last_day FROM grid WHERE daily;

CREATE TEMP TABLE horizon AS
SELECT unnest(generate_series(
  getvariable('horizon_first')::DATE, getvariable('horizon_last')::DATE, INTERVAL 1 DAY
))::DATE AS day;

-- Of the customers active before a span, what became of each in it.
CREATE TEMP TABLE retained AS
WITH active AS (
  SELECT DISTINCT s.span, s.start_us, s.end_us, h.customer
  FROM day_spans s
  JOIN holdings h
    ON h.begin_us < s.start_us AND (h.end_us IS NULL OR h.end_us >= s.start_us)
)
SELECT
  a.span, a.customer, f.level, f.entity,
  count(l.customer) > 0 AS lapsed,
  coalesce(arg_min(l.matured, l.time_us), false) AS matured
FROM active a
JOIN owners w USING (customer)
JOIN followers f USING (executive)
LEFT JOIN lapses l
  ON l.customer = a.customer AND l.time_us >= a.start_us AND l.time_us < a.end_us
GROUP BY ALL;

-- Customers with an open loan at a span's end, and whether they hold a product too.
CREATE TEMP TABLE borrowers AS
WITH held AS (
  SELECT
    s.span, h.customer,
    bool_or(h.kind = 'loan') AS loan, bool_or(h.kind = 'product') AS product
  FROM day_spans s
  JOIN holdings h ON h.begin_us < s.end_us AND (h.end_us IS NULL OR h.end_us >= s.end_us)
  GROUP BY ALL
)
SELECT h.span, h.customer, h.product, f.level, f.entity
FROM held h
JOIN owners w USING (customer)
JOIN followers f USING (executive)
WHERE h.loan;

-- By whose calendar an entity works on a day, if not by the company's: that of the branch where it
-- is. A team is where its member with the lowest id is.
CREATE TEMP TABLE workplaces AS
WITH days_of_executives AS (
  SELECT e.executive, h.day FROM (SELECT DISTINCT executive FROM placements) e CROSS JOIN horizon h
  UNION
  SELECT entity, day FROM targets CROSS JOIN horizon WHERE level = 'executive'
), places AS (
  SELECT d.executive, d.day, p.team, coalesce(p.branch, 'unplaced') AS branch
  FROM days_of_executives d
  ASOF LEFT JOIN placements p ON p.executive = d.executive AND p.valid_from <= d.day
), branches AS (
  SELECT 'executive' AS level, executive AS entity, day, branch FROM places
  UNION ALL
  SELECT 'team', team, day, arg_min(branch, executive) FROM places GROUP BY ALL
  UNION ALL
  SELECT 'branch', calendar, day, calendar FROM calendars CROSS JOIN horizon
)
SELECT b.level, b.entity, b.day, c.calendar
FROM branches b JOIN calendars c ON c.calendar = b.branch AND c.calendar <> '';

-- Each day's part of a sum over a period, minor / parts: of what is given for that day, the shortest
-- period counts. On a day that is no business day there is nothing of a target.
CREATE TEMP TABLE own_targets AS
WITH periods AS (
  SELECT level, entity, minor, first_day_of(period) AS first_day, months_of(period) AS months
  FROM targets WHERE kpi = 'sales_targets.sales_volume'
), spread AS (
  SELECT *, len(list_filter(
    generate_series(first_day, first_day + to_months(months) - INTERVAL 1 DAY, INTERVAL 1 DAY),
    lambda day: list_contains(weekdays, isodow(day)) AND NOT list_contains(off, day::DATE)
  )) AS parts
  FROM periods CROSS JOIN calendars
)
SELECT
  s.level, s.entity, h.day,
  CASE
    WHEN list_contains(s.weekdays, isodow(h.day)) AND NOT list_contains(s.off, h.day) THEN s.minor
    ELSE 0
  END AS minor,
  s.parts
FROM horizon h
JOIN spread s ON h.day >= s.first_day AND h.day < s.first_day + to_months(s.months)
LEFT JOIN workplaces w ON w.level = s.level AND w.entity = s.entity AND w.day = h.day
WHERE s.calendar = coalesce(w.calendar, '')
QUALIFY row_number() OVER (PARTITION BY s.level, s.entity, h.day ORDER BY s.months) = 1;

CREATE TEMP TABLE members_targets AS
WITH placed_targets AS (
  SELECT t.*, coalesce(p.team, 'unplaced') AS team, coalesce(p.branch, 'unplaced') AS branch
  FROM own_targets t
  ASOF LEFT JOIN placements p ON p.executive = t.entity AND p.valid_from <= t.day
  WHERE t.level = 'executive'
)
SELECT
  unnest(['team', 'branch', 'company']) AS level,
  unnest([team, branch, 'company']) AS entity,
  day, minor, parts
FROM placed_targets;

-- Where nothing happened, but balances and targets are: nearly always at unplaced.
CREATE TEMP TABLE newcomers AS
SELECT level, entity FROM followers
UNION
SELECT level, entity FROM members_targets
EXCEPT
SELECT level, entity FROM entities;

INSERT INTO entities FROM newcomers;
INSERT INTO grid SELECT * FROM newcomers CROSS JOIN spans;

CREATE TEMP TABLE day_targets AS
SELECT level, entity, day, minor, parts FROM own_targets
UNION ALL
SELECT m.level, m.entity, m.day, m.minor, m.parts
FROM members_targets m ANTI JOIN own_targets USING (level, entity, day);

CREATE TEMP TABLE day_sizes AS
SELECT s.level, s.entity, h.day, s.minor,
  date_diff('day', first_day_of(s.period), first_day_of(s.period) + to_months(months_of(s.period)))
    AS parts
FROM horizon h
JOIN sizes s
  ON h.day >= first_day_of(s.period)
  AND h.day < first_day_of(s.period) + to_months(months_of(s.period))
QUALIFY row_number() OVER (
  PARTITION BY s.level, s.entity, h.day ORDER BY months_of(s.period)) = 1;

-- Whose market an entity is measured by. A team's branch is that of its member with the lowest id.
CREATE TEMP TABLE markets AS
SELECT 'company' AS level, 'company' AS entity, 'company' AS market_level, 'company' AS market
UNION ALL
SELECT 'branch', entity, 'branch', entity FROM entities WHERE level = 'branch'
UNION ALL
SELECT 'executive', executive, 'branch', branch FROM today
UNION ALL
SELECT 'team', team, 'branch', arg_min(branch, executive) FROM today GROUP BY team;

-- Leads with a segment by segment, in a span and in the one before it.
CREATE TEMP TABLE segments AS
WITH counted AS (
  SELECT g.level, g.entity, g.window_name, l.segment,
    count(*) FILTER (g.role = 'now') AS leads,
    count(*) FILTER (g.role = 'previous') AS leads_before
  FROM grid g
  JOIN credits c
    ON c.fact = 'lead' AND c.level = g.level AND c.entity = g.entity
    AND c.time_us >= g.start_us AND c.time_us < g.end_us
  JOIN leads l ON l.lead = c.subject
  WHERE g.daily AND g.role IN ('now', 'previous') AND l.segment IS NOT NULL
    AND g.level <> 'executive'
  GROUP BY ALL
), totals AS (
  SELECT *,
    sum(leads) OVER entity::DOUBLE AS n, sum(leads_before) OVER entity::DOUBLE AS n_before
  FROM counted
  WINDOW entity AS (PARTITION BY level, entity, window_name)
), pooled AS (
  SELECT *,
    sqrt((leads + leads_before) / (n + n_before)
      * (1 - (leads + leads_before) / (n + n_before)) * (1 / n + 1 / n_before)) AS error
  FROM totals
  WHERE n > 0
)
SELECT *,
  CASE
    WHEN leads < 30 OR n_before = 0 THEN NULL
    WHEN error = 0 THEN 0
    ELSE (leads / n - leads_before / n_before) / error
  END AS z
FROM pooled;
