-- What the contract asks of the fields of loans' ends, products, inquiries, insights, reports,
-- techniques and reference data. A field may lie within another: `attributes.age_band`.
INSERT INTO contract
SELECT type, field, required, kind, allowed
FROM (VALUES
  ('lead.created', 'preferences.purpose', false, 'text', NULL),
  ('lead.created', 'preferences.tenure', false, 'text', NULL),
  ('lead.created', 'preferences.repayment', false, 'text', NULL),
  ('lead.created', 'preferences.contact', false, 'text', NULL),
  ('product.sold', 'holding_id', true, 'id', NULL),
  ('product.sold', 'customer_id', true, 'id', NULL),
  ('product.sold', 'executive_id', true, 'id', NULL),
  ('product.sold', 'product', true, 'text', NULL),
  ('product.sold', 'kind', true, 'choice', 'cross_sell|up_sell'),
  ('product.sold', 'revenue', true, 'amount', NULL),
  ('product.sold', 'currency', true, 'currency', NULL),
  ('product.cancelled', 'holding_id', true, 'id', NULL),
  ('product.closed', 'holding_id', true, 'id', NULL),
  ('inquiry.opened', 'inquiry_id', true, 'id', NULL),
  ('inquiry.opened', 'executive_id', false, 'id', NULL),
  ('inquiry.opened', 'customer_id', false, 'id', NULL),
  ('inquiry.answered', 'inquiry_id', true, 'id', NULL),
  ('inquiry.answered', 'executive_id', true, 'id', NULL),
  ('inquiry.answered', 'customer_id', false, 'id', NULL),
  ('report.submitted', 'report_id', true, 'id', NULL),
  ('report.submitted', 'executive_id', true, 'id', NULL),
  ('report.submitted', 'period', true, 'period', 'day|week|month|quarter'),
  ('report.submitted', 'figures', true, 'figures', NULL),
  ('market.sized', 'period', true, 'period', 'month|quarter'),
  ('market.sized', 'amount', true, 'amount', NULL),
  ('market.sized', 'currency', true, 'currency', NULL),
  ('market.sized', 'branch_id', false, 'id', NULL),
  ('target.set', 'entity', true, 'entity', NULL),
  ('target.set', 'kpi', true, 'id', NULL),
  ('target.set', 'period', true, 'period', 'month|quarter|year'),
  ('target.set', 'value', true, 'amount', NULL),
  ('demographics.targeted', 'attributes', true, 'object', NULL),
  ('demographics.targeted', 'attributes.age_band', false, 'texts', NULL),
  ('demographics.targeted', 'attributes.income_band', false, 'texts', NULL),
  ('demographics.targeted', 'attributes.employment', false, 'texts', NULL),
  ('demographics.targeted', 'attributes.city_tier', false, 'texts', NULL),
  ('demographics.targeted', 'weights', false, 'object', NULL),
  ('demographics.targeted', 'weights.age_band', false, 'weight', NULL),
  ('demographics.targeted', 'weights.income_band', false, 'weight', NULL),
  ('demographics.targeted', 'weights.employment', false, 'weight', NULL),
  ('demographics.targeted', 'weights.city_tier', false, 'weight', NULL)
) AS fields (type, field, required, kind, allowed);

INSERT INTO contract
SELECT unnest(['insight.recorded', 'insight.applied']), field, required, kind, allowed
FROM (VALUES
  ('insight_id', true, 'id', NULL), ('executive_id', true, 'id', NULL),
  ('kind', false, 'choice', 'preference|need|segment|competitor'),
  ('expires_at', false, 'instant', NULL),
  ('lead_id', false, 'id', NULL), ('loan_id', false, 'id', NULL)
) AS fields (field, required, kind, allowed);

INSERT INTO contract
SELECT unnest(['technique.learned', 'technique.applied']), field, required, 'id', NULL
FROM (VALUES
  ('technique_id', true), ('executive_id', true), ('lead_id', false)
) AS fields (field, required);

-- What a period's text names, or null where it names nothing.
CREATE TEMP MACRO period_form(text) AS CASE
  WHEN regexp_full_match(text, '\d{4}') THEN 'year'
  WHEN regexp_full_match(text, '\d{4}-Q[1-4]') THEN 'quarter'
  WHEN regexp_full_match(text, '\d{4}-(0[1-9]|1[0-2])') THEN 'month'
  -- The 28th of December lies in the last ISO week of its year.
  WHEN regexp_full_match(text, '\d{4}-W\d\d') AND right(text, 2)::INTEGER
    BETWEEN 1 AND weekofyear(make_date(left(text, 4)::INTEGER, 12, 28)) THEN 'week'
  WHEN regexp_full_match(text, '\d{4}-\d\d-\d\d') AND TRY_CAST(text AS DATE) IS NOT NULL THEN 'day'
END;

-- The first day and the months of a month, quarter or year.
CREATE TEMP MACRO first_day_of(text) AS CASE period_form(text)
  WHEN 'year' THEN make_date(text::INTEGER, 1, 1)
  WHEN 'quarter' THEN make_date(left(text, 4)::INTEGER, 3 * right(text, 1)::INTEGER - 2, 1)
  WHEN 'month' THEN (text || '-01')::DATE
END;

CREATE TEMP MACRO months_of(text) AS CASE period_form(text)
  WHEN 'year' THEN 12 WHEN 'quarter' THEN 3 WHEN 'month' THEN 1
END;

CREATE TEMP MACRO is_instant(text) AS regexp_full_match(text,
    '\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)')
  AND TRY_CAST(text AS TIMESTAMPTZ) IS NOT NULL;

-- Whether a JSON value is a number of major units: not negative, at most two places.
CREATE TEMP MACRO is_amount(json) AS coalesce(
  json_type(json) IN ('UBIGINT', 'BIGINT', 'DOUBLE')
  AND TRY_CAST(json->>'$' AS DECIMAL(38, 10)) >= 0
  AND TRY_CAST(json->>'$' AS DECIMAL(38, 10)) = TRY_CAST(json->>'$' AS DECIMAL(38, 2)), false);
