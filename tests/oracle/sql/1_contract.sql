-- What the event contract asks of each field. Types that no query here reads are listed too: their
-- valid events show that an executive exists, and any other type is unknown.
CREATE TEMP TABLE contract (type VARCHAR, field VARCHAR, required BOOLEAN, kind VARCHAR, allowed VARCHAR);

INSERT INTO contract
SELECT type, field, required, kind, allowed
FROM (VALUES
  ('lead.created', 'lead_id', true, 'id', NULL),
  ('lead.created', 'channel', true, 'choice',
   'web|branch|referral|telecall|partner|social|email|event|walk_in|other'),
  ('lead.created', 'executive_id', false, 'id', NULL),
  ('lead.created', 'campaign_id', false, 'id', NULL),
  ('lead.created', 'customer_id', false, 'id', NULL),
  ('lead.created', 'segment', false, 'text', NULL),
  ('lead.created', 'region', false, 'text', NULL),
  ('lead.created', 'referred_by', false, 'id', NULL),
  ('lead.created', 'age_band', false, 'text', NULL),
  ('lead.created', 'income_band', false, 'text', NULL),
  ('lead.created', 'employment', false, 'text', NULL),
  ('lead.created', 'city_tier', false, 'text', NULL),
  ('lead.created', 'preferences', false, 'object', NULL),
  ('lead.assigned', 'lead_id', true, 'id', NULL),
  ('lead.assigned', 'executive_id', true, 'id', NULL),
  ('lead.reassigned', 'lead_id', true, 'id', NULL),
  ('lead.reassigned', 'executive_id', true, 'id', NULL),
  ('lead.contacted', 'lead_id', true, 'id', NULL),
  ('lead.contacted', 'executive_id', true, 'id', NULL),
  ('lead.qualified', 'lead_id', true, 'id', NULL),
  ('lead.qualified', 'executive_id', false, 'id', NULL),
  ('lead.disqualified', 'lead_id', true, 'id', NULL),
  ('lead.disqualified', 'reason', false, 'text', NULL),
  ('lead.lost', 'lead_id', true, 'id', NULL),
  ('lead.lost', 'reason', false, 'text', NULL),
  ('sale.disbursed', 'loan_id', true, 'id', NULL),
  ('sale.disbursed', 'customer_id', true, 'id', NULL),
  ('sale.disbursed', 'executive_id', true, 'id', NULL),
  ('sale.disbursed', 'amount', true, 'amount', NULL),
  ('sale.disbursed', 'currency', true, 'currency', NULL),
  ('sale.disbursed', 'lead_id', false, 'id', NULL),
  ('sale.disbursed', 'region', false, 'text', NULL),
  ('sale.cancelled', 'loan_id', true, 'id', NULL),
  ('sale.cancelled', 'reason', false, 'text', NULL),
  ('loan.closed', 'loan_id', true, 'id', NULL),
  ('loan.closed', 'reason', false, 'choice', 'matured|foreclosed|written_off'),
  ('executive.placed', 'executive_id', true, 'id', NULL),
  ('executive.placed', 'team_id', true, 'id', NULL),
  ('executive.placed', 'branch_id', true, 'id', NULL),
  ('executive.placed', 'valid_from', true, 'date', NULL),
  ('executive.placed', 'display_name', false, 'text', NULL),
  ('executive.placed', 'active', false, 'flag', NULL),
  ('campaign.defined', 'campaign_id', true, 'id', NULL),
  ('campaign.defined', 'channel', true, 'text', NULL),
  ('campaign.defined', 'digital', true, 'flag', NULL),
  ('campaign.defined', 'name', false, 'text', NULL),
  ('campaign.defined', 'branch_id', false, 'id', NULL),
  ('campaign.defined', 'start_date', false, 'date', NULL),
  ('campaign.defined', 'end_date', false, 'date', NULL),
  ('campaign.spent', 'spend_id', true, 'id', NULL),
  ('campaign.spent', 'campaign_id', true, 'id', NULL),
  ('campaign.spent', 'amount', true, 'amount', NULL),
  ('campaign.spent', 'currency', true, 'currency', NULL),
  ('campaign.spent', 'channel', false, 'choice',
   'web|branch|referral|telecall|partner|social|email|event|walk_in|other')
) AS fields (type, field, required, kind, allowed);

INSERT INTO contract
SELECT unnest(['sale.applied', 'sale.approved', 'sale.declined']), field, required, kind, NULL
FROM (VALUES
  ('loan_id', true, 'id'), ('lead_id', false, 'id'), ('customer_id', false, 'id'),
  ('executive_id', false, 'id'), ('amount', false, 'amount'), ('reason', false, 'text')
) AS fields (field, required, kind);
