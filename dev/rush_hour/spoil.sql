-- Work for each job: what was done is undone, or is due again.
UPDATE kam_account SET revenue = 1, revenue_previous = 1, purchase_count = 99,
       next_touch_date = current_date - 1 WHERE level <> 'potential';
DELETE FROM kam_level_transition WHERE id % 2 = 0;
INSERT INTO kam_account_event (company_id, partner_id)
SELECT company_id, partner_id FROM kam_account;
DELETE FROM mail_activity WHERE automated;
UPDATE res_company SET kam_touch_reminder = 'all';
DELETE FROM kam_touch WHERE message_id IS NOT NULL OR event_id IS NOT NULL;
DELETE FROM ir_config_parameter WHERE key LIKE 'kam_management.%';
UPDATE kam_plan SET state = 'approved', date_start = current_date - 1
 WHERE state IN ('draft', 'running');
UPDATE kam_plan SET goals_date = NULL;
UPDATE kam_plan_goal SET actual = 1 WHERE indicator IS NOT NULL;
DELETE FROM kam_portfolio_month;
UPDATE kam_quota SET measured_at = NULL;
UPDATE kam_quota_line SET actual = 1;
UPDATE kam_quota_decision SET date_due = current_date - 1 WHERE state = 'decided';
UPDATE kam_person_profile SET review_date = current_date + 1, reminded = FALSE;
UPDATE kam_remembered_date SET reminded_date = NULL;
