-- What is known now of leads, loans, campaigns, spends and placements.
-- A subject begins once, with the first event by (time, source, id); reference data is what the
-- last event by (time, source, id) says.
CREATE TEMP TABLE campaigns AS
SELECT
  data->>'$.campaign_id' AS campaign,
  (data->>'$.digital')::BOOLEAN AS digital,
  data->>'$.branch_id' AS branch
FROM events
WHERE type = 'campaign.defined'
QUALIFY row_number() OVER (
  PARTITION BY campaign ORDER BY time_us DESC, source DESC, id DESC) = 1;

CREATE TEMP TABLE spends AS
SELECT
  data->>'$.spend_id' AS spend,
  data->>'$.campaign_id' AS campaign,
  time_us,
  ((data->>'$.amount')::DECIMAL(38, 2) * 100)::HUGEINT AS minor
FROM events
WHERE type = 'campaign.spent'
QUALIFY row_number() OVER (PARTITION BY spend ORDER BY time_us, source, id) = 1;

CREATE TEMP TABLE placements AS
SELECT
  data->>'$.executive_id' AS executive,
  (data->>'$.valid_from')::DATE AS valid_from,
  data->>'$.team_id' AS team,
  data->>'$.branch_id' AS branch
FROM events
WHERE type = 'executive.placed'
QUALIFY row_number() OVER (
  PARTITION BY executive, valid_from ORDER BY time_us DESC, source DESC, id DESC) = 1;

CREATE TEMP TABLE assignments AS
SELECT data->>'$.lead_id' AS lead, data->>'$.executive_id' AS executive
FROM events
WHERE type = 'lead.assigned'
QUALIFY row_number() OVER (PARTITION BY lead ORDER BY time_us, source, id) = 1;

CREATE TEMP TABLE leads AS
WITH created AS (
  SELECT
    data->>'$.lead_id' AS lead,
    data->>'$.executive_id' AS executive,
    data->>'$.channel' AS channel,
    data->>'$.campaign_id' AS campaign,
    data->>'$.segment' AS segment,
    data->>'$.referred_by' AS referred_by,
    data->>'$.age_band' AS age_band,
    data->>'$.income_band' AS income_band,
    data->>'$.employment' AS employment,
    data->>'$.city_tier' AS city_tier,
    data->>'$.preferences.purpose' AS purpose,
    data->>'$.preferences.tenure' AS tenure,
    data->>'$.preferences.repayment' AS repayment,
    data->>'$.preferences.contact' AS contact,
    time_us
  FROM events
  WHERE type = 'lead.created'
  QUALIFY row_number() OVER (PARTITION BY lead ORDER BY time_us, source, id) = 1
)
SELECT
  c.* EXCLUDE (executive),
  coalesce(c.executive, a.executive) AS executive,
  coalesce(d.digital, false) AS digital,
  d.branch AS campaign_branch
FROM created c
LEFT JOIN assignments a USING (lead)
LEFT JOIN campaigns d USING (campaign);

-- Net loans alone. `repeat`: its customer had a net loan before, from anyone.
CREATE TEMP TABLE loans AS
WITH disbursed AS (
  SELECT
    data->>'$.loan_id' AS loan,
    data->>'$.customer_id' AS customer,
    data->>'$.executive_id' AS executive,
    data->>'$.lead_id' AS lead,
    ((data->>'$.amount')::DECIMAL(38, 2) * 100)::HUGEINT AS minor,
    time_us, source, id
  FROM events
  WHERE type = 'sale.disbursed'
  QUALIFY row_number() OVER (PARTITION BY loan ORDER BY time_us, source, id) = 1
)
SELECT
  loan, customer, executive, lead, minor, time_us, source, id,
  row_number() OVER (PARTITION BY customer ORDER BY time_us, source, id) > 1 AS repeat
FROM disbursed
WHERE loan NOT IN (SELECT data->>'$.loan_id' FROM events WHERE type = 'sale.cancelled');

-- What became of each lead within its full time. A loan from before the lead counts too.
CREATE TEMP TABLE outcomes AS
SELECT
  l.lead,
  count(s.loan) > 0 AS converted,
  coalesce(sum(s.minor), 0)::HUGEINT AS minor
FROM leads l
LEFT JOIN loans s
  ON s.lead = l.lead AND s.time_us <= l.time_us + getvariable('maturity_days') * 86400000000
GROUP BY l.lead;
