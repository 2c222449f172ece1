-- What the contract asks of the fields of products, feedback, compliance, trainings, tasks and teams.
-- `whole` is a whole number from .. to; `ids` a list of ids; `instant` a time with an offset.
INSERT INTO contract
SELECT type, field, required, kind, allowed
FROM (VALUES
  ('product.sold', 'holding_id', true, 'id', NULL),
  ('product.sold', 'customer_id', true, 'id', NULL),
  ('product.sold', 'executive_id', true, 'id', NULL),
  ('product.sold', 'product', true, 'id', NULL),
  ('product.sold', 'kind', true, 'choice', 'cross_sell|up_sell'),
  ('product.sold', 'revenue', true, 'amount', NULL),
  ('product.sold', 'currency', true, 'currency', NULL),
  ('product.cancelled', 'holding_id', true, 'id', NULL),
  ('product.closed', 'holding_id', true, 'id', NULL),
  ('feedback.nps', 'customer_id', true, 'id', NULL),
  ('feedback.nps', 'score', true, 'whole', '0|10'),
  ('feedback.service', 'customer_id', false, 'id', NULL),
  ('feedback.service', 'interaction_id', false, 'id', NULL),
  ('feedback.product', 'product', true, 'id', NULL),
  ('feedback.product', 'customer_id', false, 'id', NULL),
  ('feedback.peer', 'from_id', false, 'id', NULL),
  ('feedback.peer', 'skill', false, 'text', NULL),
  ('feedback.mentor', 'from_id', false, 'id', NULL),
  ('feedback.mentor', 'skill', false, 'text', NULL),
  ('assessment.completed', 'assessment_id', true, 'id', NULL),
  ('assessment.completed', 'executive_id', true, 'id', NULL),
  ('assessment.completed', 'score', true, 'amount', NULL),
  ('assessment.completed', 'max_score', true, 'positive', NULL),
  ('audit.completed', 'audit_id', true, 'id', NULL),
  ('audit.completed', 'executive_id', true, 'id', NULL),
  ('audit.completed', 'checks', true, 'whole', '0|9007199254740991'),
  ('audit.completed', 'passed', true, 'whole', '0|9007199254740991'),
  ('audit.completed', 'severity', false, 'choice', 'normal|critical'),
  ('training.enrolled', 'training_id', true, 'id', NULL),
  ('training.enrolled', 'executive_id', true, 'id', NULL),
  ('training.enrolled', 'area', true, 'choice', 'product|compliance|cross_selling|sales|other'),
  ('training.enrolled', 'ends_at', true, 'instant', NULL),
  ('training.completed', 'training_id', true, 'id', NULL),
  ('training.completed', 'executive_id', true, 'id', NULL),
  ('training.completed', 'area', true, 'choice', 'product|compliance|cross_selling|sales|other'),
  ('training.completed', 'hours', true, 'amount', NULL),
  ('training.completed', 'certification', false, 'text', NULL),
  ('task.scheduled', 'task_id', true, 'id', NULL),
  ('task.scheduled', 'executive_id', true, 'id', NULL),
  ('task.scheduled', 'due_at', true, 'instant', NULL),
  ('task.scheduled', 'cadence', false, 'choice', 'daily|weekly|monthly'),
  ('task.scheduled', 'priority', false, 'flag', NULL),
  ('task.completed', 'task_id', true, 'id', NULL),
  ('task.withdrawn', 'task_id', true, 'id', NULL),
  ('time.logged', 'entry_id', true, 'id', NULL),
  ('time.logged', 'executive_id', true, 'id', NULL),
  ('time.logged', 'category', true, 'choice',
   'selling|prospecting|follow_up|admin|training|meeting|break|other'),
  ('time.logged', 'minutes', true, 'amount', NULL),
  ('report.due', 'report_id', true, 'id', NULL),
  ('report.due', 'executive_id', true, 'id', NULL),
  ('report.due', 'due_at', true, 'instant', NULL),
  ('article.read', 'article_id', true, 'id', NULL),
  ('article.read', 'executive_id', true, 'id', NULL),
  ('initiative.completed', 'initiative_id', true, 'id', NULL),
  ('initiative.completed', 'participants', true, 'ids', NULL),
  ('initiative.completed', 'successful', true, 'flag', NULL),
  ('team_event.held', 'team_event_id', true, 'id', NULL),
  ('team_event.held', 'invited', true, 'ids', NULL),
  ('team_event.held', 'attended', true, 'ids', NULL)
) AS fields (type, field, required, kind, allowed);

INSERT INTO contract
SELECT unnest([
    'feedback.nps', 'feedback.service', 'feedback.product', 'feedback.peer', 'feedback.mentor'
  ]), field, true, 'id', NULL
FROM (VALUES ('response_id'), ('executive_id')) AS fields (field);

INSERT INTO contract
SELECT unnest(['feedback.service', 'feedback.product', 'feedback.peer', 'feedback.mentor']),
  'rating', true, 'whole', '1|5';

INSERT INTO contract
SELECT unnest(['violation.avoided', 'violation.recorded']), field, required, kind, allowed
FROM (VALUES
  ('violation_id', true, 'id', NULL), ('executive_id', true, 'id', NULL),
  ('rule', false, 'text', NULL), ('severity', false, 'choice', 'normal|critical')
) AS fields (field, required, kind, allowed);
