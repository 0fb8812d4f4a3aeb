-- A past of mails: one per customer and year on average, as many as bench.accounts says;
-- two of three came in, the others went out. Every tenth account has a dossier.

SELECT setseed(0.25);

CREATE TEMP TABLE bench_mail AS
SELECT nextval('mail_message_id_seq')::int AS id, p.id AS partner_id, n.place % 3 < 2 AS inbound,
       date_trunc('second', now() - (1 - n.place / n.size::float) * INTERVAL '4 years') AS date,
       s.partner_id AS seller_id
  FROM (
    SELECT g AS place, size, 1 + floor(random() * size)::int AS customer
      FROM (SELECT current_setting('bench.accounts')::int AS size) all_of_them,
           generate_series(1, size) g
  ) n
  JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place
          FROM res_partner WHERE name LIKE 'Customer number %') p ON p.place = n.customer
  JOIN (SELECT partner_id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS sellers
          FROM res_users WHERE login LIKE 'bench_seller_%') s ON s.place = n.place % s.sellers
 ORDER BY n.place;

INSERT INTO mail_message (id, model, res_id, date, author_id, email_from, subject,
                          message_type, subtype_id, is_internal, create_date, write_date)
SELECT m.id, 'res.partner', m.partner_id, m.date,
       CASE WHEN m.inbound THEN m.partner_id ELSE m.seller_id END, 'someone@example.com',
       'Message ' || m.id, CASE WHEN m.inbound THEN 'email' ELSE 'comment' END,
       comment.res_id, FALSE, m.date, m.date
  FROM bench_mail m,
       (SELECT res_id FROM ir_model_data WHERE module = 'mail' AND name = 'mt_comment') comment;

INSERT INTO mail_notification (mail_message_id, res_partner_id, notification_type,
                               notification_status, is_read)
SELECT id, partner_id, 'email', 'sent', TRUE FROM bench_mail WHERE NOT inbound;

INSERT INTO kam_stakeholder (account_id, partner_id, company_id, influence, active, create_date)
SELECT id, partner_id, company_id, '3', TRUE, now() - INTERVAL '1 year'
  FROM kam_account WHERE id % 10 = 0;

INSERT INTO kam_stakeholder_role_rel (stakeholder_id, role_id)
SELECT d.id, r.id FROM kam_stakeholder d,
       (SELECT min(id) AS id FROM kam_stakeholder_role) r;
