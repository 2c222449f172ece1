-- What is known now of customers, products, inquiries, insights, techniques, reports, targets and
-- the market. Subjects begin once, reference data is what the last event says, as before.

-- Of a loan or product only the first closing counts.
CREATE TEMP TABLE closings AS
SELECT
  type,
  CASE type WHEN 'loan.closed' THEN data->>'$.loan_id' ELSE data->>'$.holding_id' END AS subject,
  time_us,
  coalesce(data->>'$.reason', 'matured') = 'matured' AS matured
FROM events
WHERE type IN ('loan.closed', 'product.closed')
QUALIFY row_number() OVER (PARTITION BY type, subject ORDER BY time_us, source, id) = 1;

-- Net products alone.
CREATE TEMP TABLE products AS
SELECT
  data->>'$.holding_id' AS product,
  data->>'$.customer_id' AS customer,
  data->>'$.executive_id' AS executive,
  time_us, source, id
FROM events
WHERE type = 'product.sold'
  AND data->>'$.holding_id' NOT IN (
    SELECT data->>'$.holding_id' FROM events WHERE type = 'product.cancelled')
QUALIFY row_number() OVER (PARTITION BY product ORDER BY time_us, source, id) = 1;

CREATE TEMP TABLE owners AS
SELECT customer, executive
FROM (
  SELECT customer, executive, time_us, source, id FROM loans
  UNION ALL
  SELECT customer, executive, time_us, source, id FROM products
)
QUALIFY row_number() OVER (PARTITION BY customer ORDER BY time_us, source, id) = 1;

-- What customers held: open at begin_us, no longer at end_us (null: open to this day).
-- What ends before it begins was never open, nor is what ends as it begins open at any moment.
CREATE TEMP TABLE holdings AS
SELECT 'loan' AS kind, l.customer, l.time_us AS begin_us, c.time_us AS end_us, c.matured
FROM loans l LEFT JOIN closings c ON c.type = 'loan.closed' AND c.subject = l.loan
WHERE c.time_us IS NULL OR c.time_us > l.time_us
UNION ALL
SELECT 'product', p.customer, p.time_us, c.time_us, false
FROM products p LEFT JOIN closings c ON c.type = 'product.closed' AND c.subject = p.product
WHERE c.time_us IS NULL OR c.time_us > p.time_us;

-- The moments at which something of a customer's ended and nothing else was open.
CREATE TEMP TABLE lapses AS
SELECT e.customer, e.end_us AS time_us, bool_or(e.matured) AS matured
FROM holdings e
WHERE e.end_us IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM holdings o
  WHERE o.customer = e.customer AND o.begin_us <= e.end_us
    AND (o.end_us IS NULL OR o.end_us > e.end_us))
GROUP BY ALL;

-- Leads whose referrer was a customer at the time.
CREATE TEMP TABLE referrals AS
SELECT DISTINCT l.lead
FROM leads l
JOIN holdings h
  ON h.customer = l.referred_by AND h.begin_us <= l.time_us
  AND (h.end_us IS NULL OR h.end_us > l.time_us);

-- What a lead states of the attributes that the target set in force today states too.
CREATE TEMP TABLE fits AS
WITH target AS (
  SELECT data FROM events WHERE type = 'demographics.targeted'
  QUALIFY row_number() OVER (ORDER BY time_us DESC, source DESC, id DESC) = 1
), attributes AS (
  SELECT
    attribute,
    json_extract(data, '$.attributes.' || attribute)::VARCHAR[] AS wanted,
    (coalesce(json_extract_string(data, '$.weights.' || attribute), '1')::DECIMAL(38, 6)
      * 1000000)::HUGEINT AS weight
  FROM target, (SELECT unnest(['age_band', 'income_band', 'employment', 'city_tier']) AS attribute)
), stated AS (
  UNPIVOT (SELECT lead, age_band, income_band, employment, city_tier FROM leads)
  ON age_band, income_band, employment, city_tier INTO NAME attribute VALUE stated
)
SELECT
  lead,
  sum(CASE WHEN list_contains(a.wanted, s.stated) THEN a.weight ELSE 0 END) AS matched,
  sum(a.weight) AS judged
FROM stated s JOIN attributes a USING (attribute)
WHERE len(a.wanted) > 0
GROUP BY lead
HAVING judged > 0;

CREATE TEMP TABLE preferences AS
UNPIVOT (SELECT lead, purpose, tenure, repayment, contact FROM leads)
ON purpose, tenure, repayment, contact INTO NAME preference VALUE choice;

CREATE TEMP TABLE insights AS
SELECT
  data->>'$.insight_id' AS insight, time_us,
  epoch_us((data->>'$.expires_at')::TIMESTAMPTZ) AS expires_us
FROM events
WHERE type = 'insight.recorded'
QUALIFY row_number() OVER (PARTITION BY insight ORDER BY time_us, source, id) = 1;

CREATE TEMP TABLE techniques AS
SELECT
  data->>'$.executive_id' AS executive,
  data->>'$.technique_id' AS technique,
  min(time_us) FILTER (type = 'technique.learned') AS learned_us,
  min(time_us) FILTER (type = 'technique.applied') AS applied_us
FROM events
WHERE type IN ('technique.learned', 'technique.applied')
GROUP BY ALL;

-- Inquiries with their first answer. In: business_hours(calendar, open_us, close_us), a row a
-- business day; the calendar is that of the executive's branch on the day of the answer.
CREATE TEMP TABLE inquiries AS
WITH opened AS (
  SELECT data->>'$.inquiry_id' AS inquiry, min(time_us) AS opened_us
  FROM events WHERE type = 'inquiry.opened' GROUP BY ALL
), answered AS (
  SELECT data->>'$.inquiry_id' AS inquiry, data->>'$.executive_id' AS executive, time_us
  FROM events WHERE type = 'inquiry.answered'
  QUALIFY row_number() OVER (PARTITION BY inquiry ORDER BY time_us, source, id) = 1
), dated AS (
  SELECT a.*, d.day FROM answered a ASOF LEFT JOIN days d ON d.start_us <= a.time_us
), placed AS (
  SELECT a.*, coalesce(c.calendar, '') AS calendar
  FROM dated a
  ASOF LEFT JOIN placements p ON p.executive = a.executive AND p.valid_from <= a.day
  LEFT JOIN calendars c ON c.calendar = coalesce(p.branch, 'unplaced')
)
SELECT
  a.inquiry, a.executive, a.time_us,
  -- DuckDB's least and greatest pass over nulls, so inquiries without business hours need care.
  coalesce(
    sum(greatest(0, least(a.time_us, h.close_us) - greatest(o.opened_us, h.open_us)))
      FILTER (h.open_us IS NOT NULL), 0
  )::HUGEINT AS turnaround_us
FROM opened o
JOIN placed a USING (inquiry)
LEFT JOIN business_hours h
  ON h.calendar = a.calendar AND h.open_us < a.time_us AND h.close_us > o.opened_us
GROUP BY ALL;

CREATE TEMP TABLE reports AS
SELECT
  data->>'$.report_id' AS report,
  data->>'$.executive_id' AS executive,
  data->>'$.period' AS period,
  data->'$.figures' AS figures,
  time_us
FROM events
WHERE type = 'report.submitted'
QUALIFY row_number() OVER (PARTITION BY report ORDER BY time_us, source, id) = 1;

-- Sizes of the market: the company's is the one without a branch.
CREATE TEMP TABLE sizes AS
SELECT
  CASE WHEN data->>'$.branch_id' IS NULL THEN 'company' ELSE 'branch' END AS level,
  coalesce(data->>'$.branch_id', 'company') AS entity,
  data->>'$.period' AS period,
  ((data->>'$.amount')::DECIMAL(38, 2) * 100)::HUGEINT AS minor
FROM events
WHERE type = 'market.sized'
QUALIFY row_number() OVER (
  PARTITION BY level, entity, period ORDER BY time_us DESC, source DESC, id DESC) = 1;

CREATE TEMP TABLE targets AS
SELECT
  split_part(data->>'$.entity', ':', 1) AS level,
  substr(data->>'$.entity', strpos(data->>'$.entity', ':') + 1) AS entity,
  data->>'$.kpi' AS kpi,
  data->>'$.period' AS period,
  ((data->>'$.value')::DECIMAL(38, 2) * 100)::HUGEINT AS minor
FROM events
WHERE type = 'target.set'
QUALIFY row_number() OVER (
  PARTITION BY level, entity, kpi, period ORDER BY time_us DESC, source DESC, id DESC) = 1;

-- More facts to credit.
CREATE TEMP TABLE market_facts AS
SELECT 'insight' AS fact, data->>'$.insight_id' AS subject, time_us,
  data->>'$.executive_id' AS executive, NULL AS campaign_branch
FROM events WHERE type = 'insight.applied'
UNION ALL
SELECT 'answer', inquiry, time_us, executive, NULL FROM inquiries
UNION ALL
SELECT 'report', report, time_us, executive, NULL FROM reports
UNION ALL
SELECT 'technique', technique, learned_us, executive, NULL FROM techniques
WHERE learned_us IS NOT NULL
UNION ALL
SELECT 'technique', technique, applied_us, executive, NULL FROM techniques
WHERE applied_us IS NOT NULL;
