-- The events that count: of a known type, whole, in time, each (source, id) once.
-- In: lines(line), one JSON object each; contract; the variables as_of_us, currency.
-- Times are microseconds since 1970 (UTC), so that no session time zone has a say.
CREATE TEMP MACRO instant_us(text) AS CASE
  WHEN regexp_full_match(text, '\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)')
  THEN epoch_us(TRY_CAST(text AS TIMESTAMPTZ)) END;

CREATE TEMP TABLE read AS
SELECT
  row_number() OVER () AS row,
  line,
  CASE WHEN json_type(line, '$.source') = 'VARCHAR' THEN line->>'$.source' END AS source,
  CASE WHEN json_type(line, '$.id') = 'VARCHAR' THEN line->>'$.id' END AS id,
  CASE WHEN json_type(line, '$.type') = 'VARCHAR' THEN line->>'$.type' END AS type,
  CASE WHEN json_type(line, '$.data') = 'OBJECT' THEN line->'$.data' END AS data,
  CASE WHEN json_type(line, '$.time') = 'VARCHAR' THEN instant_us(line->>'$.time') END AS time_us
FROM lines
WHERE json_valid(line);

-- A replay's clock: the later of as-of and the latest time in the input.
SET VARIABLE clock_us = (
  SELECT greatest(getvariable('as_of_us'), coalesce(max(time_us), getvariable('as_of_us'))) FROM read
);

CREATE TEMP TABLE candidates AS
SELECT row, source, id, type, time_us, data
FROM read
WHERE source <> '' AND id <> '' AND data IS NOT NULL
  AND type IN (SELECT type FROM contract)
  AND time_us >= getvariable('clock_us') - 800 * 86400000000;

-- Rows with a field that is missing, or not of the form the contract asks for. Null is missing.
CREATE TEMP TABLE faulty AS
WITH fields AS (
  SELECT
    e.row, c.required, c.kind, c.allowed,
    json_type(e.data, '$.' || c.field) AS form,
    json_extract_string(e.data, '$.' || c.field) AS text
  FROM candidates e JOIN contract c USING (type)
)
SELECT DISTINCT row
FROM fields
WHERE CASE
  WHEN form IS NULL OR form = 'NULL' THEN required
  ELSE NOT coalesce(CASE kind
    WHEN 'id' THEN form = 'VARCHAR' AND text <> ''
    WHEN 'text' THEN form = 'VARCHAR'
    WHEN 'choice' THEN form = 'VARCHAR' AND list_contains(string_split(allowed, '|'), text)
    WHEN 'flag' THEN form = 'BOOLEAN'
    WHEN 'object' THEN form = 'OBJECT'
    WHEN 'date' THEN form = 'VARCHAR' AND regexp_full_match(text, '\d{4}-\d\d-\d\d')
      AND TRY_CAST(text AS DATE) IS NOT NULL
    WHEN 'currency' THEN form = 'VARCHAR' AND text = getvariable('currency')
    WHEN 'amount' THEN form IN ('UBIGINT', 'BIGINT', 'DOUBLE')
      AND TRY_CAST(text AS DECIMAL(38, 10)) >= 0
      AND TRY_CAST(text AS DECIMAL(38, 10)) = TRY_CAST(text AS DECIMAL(38, 2))
    WHEN 'positive' THEN form IN ('UBIGINT', 'BIGINT', 'DOUBLE')
      AND TRY_CAST(text AS DECIMAL(38, 10)) > 0
      AND TRY_CAST(text AS DECIMAL(38, 10)) = TRY_CAST(text AS DECIMAL(38, 2))
    WHEN 'whole' THEN form IN ('UBIGINT', 'BIGINT', 'DOUBLE')
      AND TRY_CAST(text AS DECIMAL(38, 10)) = TRY_CAST(text AS DECIMAL(38, 0))
      AND TRY_CAST(text AS DECIMAL(38, 0)) >= TRY_CAST(string_split(allowed, '|')[1] AS BIGINT)
      AND TRY_CAST(text AS DECIMAL(38, 0)) <= TRY_CAST(string_split(allowed, '|')[2] AS BIGINT)
    WHEN 'ids' THEN form = 'ARRAY'
      AND list_bool_and([json_type(id) = 'VARCHAR' AND id->>'$' <> ''
        FOR id IN TRY_CAST(text AS JSON[])]) IS NOT false
    WHEN 'instant' THEN form = 'VARCHAR' AND is_instant(text)
    WHEN 'period' THEN form = 'VARCHAR'
      AND list_contains(string_split(allowed, '|'), period_form(text))
    WHEN 'entity' THEN form = 'VARCHAR'
      AND regexp_full_match(text, '(executive|team|branch):.+|company:company')
    WHEN 'texts' THEN form = 'ARRAY' AND list_bool_and(
      list_transform(json_extract(text, '$[*]'), lambda item: json_type(item) = 'VARCHAR'))
    WHEN 'figures' THEN form = 'OBJECT' AND coalesce(list_bool_and(
      list_transform(json_extract(text, '$.*'), lambda item: is_amount(item))), true)
    WHEN 'weight' THEN form IN ('UBIGINT', 'BIGINT', 'DOUBLE')
      AND TRY_CAST(text AS DECIMAL(38, 10)) >= 0
    ELSE true
  END, false)
END
UNION
SELECT row FROM candidates
WHERE type = 'audit.completed'
  AND TRY_CAST(data->>'$.passed' AS DECIMAL(38, 2)) > TRY_CAST(data->>'$.checks' AS DECIMAL(38, 2));

-- One event may come many times. If its copies differ, the one with the earliest time counts.
CREATE TEMP TABLE events AS
SELECT source, id, type, time_us, data
FROM candidates
WHERE row NOT IN (SELECT row FROM faulty)
QUALIFY row_number() OVER (PARTITION BY source, id ORDER BY time_us, type, data::VARCHAR) = 1;
