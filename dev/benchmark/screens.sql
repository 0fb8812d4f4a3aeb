-- A past of touches: three per account, over 4 years. A mail came in, was answered, and one
-- of us called or met them another time. Every hundredth meeting went over days.

SELECT setseed(0.75);

CREATE TEMP TABLE bench_touch AS
SELECT nextval('kam_touch_id_seq')::int AS question_id, nextval('kam_touch_id_seq')::int AS answer_id,
       a.id AS account_id, a.partner_id, a.company_id, COALESCE(a.manager_id, s.id) AS user_id,
       date_trunc('second', now() - (0.002 + random()) * INTERVAL '4 years') AS asked,
       1 + floor(random() * 40) AS hours,
       date_trunc('second', now() - (0.002 + random()) * INTERVAL '4 years') AS met
  FROM kam_account a
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS sellers
          FROM res_users WHERE login LIKE 'bench_seller_%') s ON s.place = a.id % s.sellers
 WHERE a.active;

INSERT INTO kam_touch (id, account_id, partner_id, company_id, user_id, date, channel, direction,
                       duration, quality, cost, summary, active, create_uid, write_uid,
                       create_date, write_date)
SELECT answer_id, account_id, partner_id, company_id, user_id, asked + hours * INTERVAL '1 hour',
       'email', 'out', 0, 0, 0, 'Re: Question ' || answer_id, TRUE, 1, 1, asked, asked
  FROM bench_touch;

INSERT INTO kam_touch (id, account_id, partner_id, company_id, user_id, date, channel, direction,
                       duration, quality, cost, summary, active, answer_id, reaction_hours,
                       create_uid, write_uid, create_date, write_date)
SELECT question_id, account_id, partner_id, company_id, user_id, asked, 'email', 'in', 0, 0, 0,
       'Question ' || question_id, TRUE, answer_id, hours / 3, 1, 1, asked, asked
  FROM bench_touch;

INSERT INTO kam_touch (account_id, partner_id, company_id, user_id, date, channel, direction,
                       duration, quality, cost, summary, active, create_uid, write_uid,
                       create_date, write_date)
SELECT account_id, partner_id, company_id, user_id, met,
       CASE account_id % 3 WHEN 0 THEN 'meeting' ELSE 'phone' END, 'out',
       CASE WHEN account_id % 300 = 0 THEN 60 ELSE 0.5 + account_id % 3 END,
       account_id % 6, account_id % 5 * 10, 'Talk with ' || account_id, TRUE, 1, 1, met, met
  FROM bench_touch;

DROP TABLE bench_touch;

-- What was kept of two years of months: of the customers with revenue

INSERT INTO kam_account_month (account_id, company_id, date, revenue, segment, share, level,
                               group_partner_id, is_key_account, health)
SELECT a.id, a.company_id, month.date, a.revenue, a.segment, a.share, a.level, a.partner_id,
       a.is_key_account, a.health
  FROM kam_account a,
       (SELECT (date_trunc('month', current_date) - n * INTERVAL '1 month'
                - INTERVAL '1 day')::date AS date FROM generate_series(0, 23) n) month
 WHERE a.segment IS NOT NULL;
