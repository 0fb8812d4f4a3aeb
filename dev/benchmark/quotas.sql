-- What quotas count besides sales and touches: 500 managers who lead the accounts, every
-- tenth of which was handed over; their quotas for this month and the eleven before, each
-- with 7 indicators.

SELECT setseed(0.75);

CREATE TEMP TABLE bench_manager AS
SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS managers
  FROM res_users WHERE login LIKE 'bench_manager_%';

UPDATE kam_account a SET manager_id = m.id
  FROM bench_manager m WHERE m.place = a.id % m.managers;
DELETE FROM kam_account_term;
INSERT INTO kam_account_term (account_id, company_id, user_id, date_start)
SELECT id, company_id, manager_id, CASE WHEN id % 10 = 0 THEN CURRENT_DATE - (id % 330)::int END
  FROM kam_account WHERE manager_id IS NOT NULL;
INSERT INTO kam_account_term (account_id, company_id, user_id, date_end)
SELECT t.account_id, t.company_id, m.id, t.date_start - 1
  FROM kam_account_term t JOIN bench_manager m ON m.place = (t.account_id + 1) % m.managers
 WHERE t.date_start IS NOT NULL;

UPDATE kam_touch t SET user_id = a.manager_id, quality = t.id % 6
  FROM kam_account a WHERE a.id = t.account_id;
UPDATE kam_level_transition t SET user_id = a.manager_id
  FROM kam_account a WHERE a.id = t.account_id;

INSERT INTO kam_quota (company_id, scope, user_id, period, state, date_start, date_end, active)
SELECT company.id, 'manager', m.id, 'month', 'running', month::date,
       (month + INTERVAL '1 month')::date - 1, TRUE
  FROM bench_manager m,
       generate_series(date_trunc('month', now()) - INTERVAL '11 months', now(), '1 month') month,
       (SELECT id FROM res_company ORDER BY id LIMIT 1) company;
INSERT INTO kam_quota_line (quota_id, company_id, scope, user_id, period, date_start, date_end,
                            state, indicator, categ_id, buyer, target)
SELECT q.id, q.company_id, q.scope, q.user_id, q.period, q.date_start, q.date_end, q.state,
       kind.indicator, CASE kind.indicator WHEN 'category_revenue' THEN c.id END, 'all',
       -- one manager in twenty is far behind
       CASE WHEN q.user_id % 20 = 0 THEN 100000 ELSE 0.5 END
  FROM kam_quota q,
       (SELECT min(id) AS id FROM product_category WHERE name LIKE 'Bench category %') c,
       unnest(ARRAY['kept', 'won', 'engaged', 'revenue', 'category_revenue', 'touches',
                    'touch_quality']) kind (indicator);
