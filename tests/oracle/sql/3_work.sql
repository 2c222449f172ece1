-- What is known now of what executives did: deeds, each with the moment that puts it in a window.
-- amount and whole are in their smallest units; good says that it went as it should.
CREATE TEMP TABLE firsts AS
WITH subjects (type, field) AS (VALUES
  ('product.sold', 'holding_id'),
  ('feedback.nps', 'response_id'),
  ('feedback.service', 'response_id'),
  ('feedback.product', 'response_id'),
  ('feedback.peer', 'response_id'),
  ('feedback.mentor', 'response_id'),
  ('assessment.completed', 'assessment_id'),
  ('audit.completed', 'audit_id'),
  ('violation.avoided', 'violation_id'),
  ('violation.recorded', 'violation_id'),
  ('training.enrolled', 'training_id'),
  ('training.completed', 'training_id'),
  ('task.scheduled', 'task_id'),
  ('task.completed', 'task_id'),
  ('task.withdrawn', 'task_id'),
  ('time.logged', 'entry_id'),
  ('report.due', 'report_id'),
  ('report.submitted', 'report_id'),
  ('initiative.completed', 'initiative_id'),
  ('team_event.held', 'team_event_id')
)
SELECT
  e.type, json_extract_string(e.data, '$.' || s.field) AS subject,
  e.data->>'$.executive_id' AS executive, e.time_us, e.data
FROM events e JOIN subjects s USING (type)
QUALIFY row_number() OVER (PARTITION BY e.type, subject ORDER BY e.time_us, e.source, e.id) = 1;

-- A product that was cancelled at any time counts nowhere.
CREATE TEMP TABLE net_products AS
SELECT
  subject AS holding, executive, time_us,
  data->>'$.kind' AS kind,
  data->>'$.product' AS product,
  ((data->>'$.revenue')::DECIMAL(38, 2) * 100)::HUGEINT AS minor
FROM firsts
WHERE type = 'product.sold'
  AND subject NOT IN (SELECT data->>'$.holding_id' FROM events WHERE type = 'product.cancelled');

-- A task that was withdrawn at any time counts nowhere. done_us: its first completion.
CREATE TEMP TABLE tasks AS
SELECT
  t.subject AS task, t.executive,
  instant_us(t.data->>'$.due_at') AS due_us,
  c.time_us AS done_us,
  coalesce((t.data->>'$.priority')::BOOLEAN, false) AS priority,
  t.data->>'$.cadence' AS cadence
FROM firsts t
LEFT JOIN firsts c ON c.type = 'task.completed' AND c.subject = t.subject
WHERE t.type = 'task.scheduled'
  AND t.subject NOT IN (SELECT subject FROM firsts WHERE type = 'task.withdrawn');

CREATE TEMP TABLE deeds AS
WITH told AS (
  SELECT 'product sold' AS fact, holding AS subject, executive, time_us,
    minor AS amount, NULL::HUGEINT AS whole, NULL::BOOLEAN AS good, kind AS label
  FROM net_products
  UNION ALL
  SELECT type, subject, executive, time_us,
    coalesce(data->>'$.rating', data->>'$.score')::DECIMAL(38, 0)::HUGEINT, NULL, NULL, NULL
  FROM firsts WHERE type LIKE 'feedback.%'
  UNION ALL
  SELECT type, subject, executive, time_us,
    ((data->>'$.score')::DECIMAL(38, 2) * 100)::HUGEINT,
    ((data->>'$.max_score')::DECIMAL(38, 2) * 100)::HUGEINT, NULL, NULL
  FROM firsts WHERE type = 'assessment.completed'
  UNION ALL
  SELECT type, subject, executive, time_us,
    (data->>'$.passed')::DECIMAL(38, 0)::HUGEINT, (data->>'$.checks')::DECIMAL(38, 0)::HUGEINT,
    NULL, NULL
  FROM firsts WHERE type = 'audit.completed'
  UNION ALL
  SELECT type, subject, executive, time_us, NULL, NULL, NULL, NULL
  FROM firsts WHERE type LIKE 'violation.%'
  UNION ALL
  SELECT type, subject, executive, time_us,
    ((data->>'$.hours')::DECIMAL(38, 2) * 100)::HUGEINT, NULL,
    coalesce(data->>'$.certification', '') <> '', data->>'$.area'
  FROM firsts WHERE type = 'training.completed'
  UNION ALL
  SELECT 'training ends', e.subject, e.executive, instant_us(e.data->>'$.ends_at'),
    NULL, NULL, c.subject IS NOT NULL, NULL
  FROM firsts e
  LEFT JOIN firsts c ON c.type = 'training.completed' AND c.subject = e.subject
  WHERE e.type = 'training.enrolled'
  UNION ALL
  SELECT 'task due', task, executive, due_us, NULL, NULL,
    coalesce(done_us <= due_us, false), cadence
  FROM tasks
  UNION ALL
  SELECT 'priority task due', task, executive, due_us, NULL, NULL, done_us IS NOT NULL, NULL
  FROM tasks WHERE priority
  UNION ALL
  SELECT 'report due', d.subject, d.executive, instant_us(d.data->>'$.due_at'), NULL, NULL,
    coalesce(s.time_us <= instant_us(d.data->>'$.due_at'), false), NULL
  FROM firsts d
  LEFT JOIN firsts s ON s.type = 'report.submitted' AND s.subject = d.subject
  WHERE d.type = 'report.due'
  UNION ALL
  SELECT type, subject, executive, time_us,
    ((data->>'$.minutes')::DECIMAL(38, 2) * 100)::HUGEINT, NULL,
    data->>'$.category' IN ('selling', 'prospecting', 'follow_up'), NULL
  FROM firsts WHERE type = 'time.logged'
  UNION ALL
  SELECT 'article read', data->>'$.article_id', data->>'$.executive_id', time_us,
    NULL, NULL, NULL, NULL
  FROM events WHERE type = 'article.read'
  UNION ALL
  SELECT DISTINCT 'initiative', subject, unnest(data->>'$.participants[*]'), time_us,
    NULL::HUGEINT, NULL::HUGEINT, NULL::BOOLEAN, NULL
  FROM firsts WHERE type = 'initiative.completed' AND (data->>'$.successful')::BOOLEAN
  UNION ALL
  SELECT DISTINCT 'invitation', subject, unnest(data->>'$.invited[*]'), time_us,
    NULL::HUGEINT, NULL::HUGEINT, NULL::BOOLEAN, NULL
  FROM firsts WHERE type = 'team_event.held'
  UNION ALL
  SELECT DISTINCT 'attendance', subject, unnest(data->>'$.attended[*]'), time_us,
    NULL::HUGEINT, NULL::HUGEINT, NULL::BOOLEAN, NULL
  FROM firsts WHERE type = 'team_event.held'
)
SELECT 'deed ' || row_number() OVER () AS deed, * FROM told;
