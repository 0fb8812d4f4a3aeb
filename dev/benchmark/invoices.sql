-- What the orders of fill.sql were invoiced: about 60 % of them, and of 1 % a part in
-- advance. 10 % of the customers bought 3 times by an invoice without an order as well.
-- Of 3 % of the invoices a part was credited, linked to the order line as Odoo does.
-- Documents lie in the tables as they came in.

-- `source` is the order, or below zero the number of a sale without one

CREATE TEMP TABLE bench_bill AS
SELECT 'order' AS kind, id AS source, partner_id, billed AS date,
       random() < 0.03 AS is_credited, floor(random() * 40)::int AS days
  FROM bench_order WHERE billed IS NOT NULL
UNION ALL
SELECT 'advance', id, partner_id, date::date, FALSE, NULL
  FROM bench_order WHERE advance IS NOT NULL
UNION ALL
SELECT 'direct', -row_number() OVER (), id, CURRENT_DATE - floor(random() * 4 * 365)::int,
       random() < 0.03, floor(random() * 40)::int
  FROM bench_customer, generate_series(1, 3) WHERE id % 10 = 0;

CREATE TEMP TABLE bench_move AS
SELECT row_number() OVER (ORDER BY date, source, kind) AS id, bill.*
  FROM (
    SELECT kind, source, partner_id, date FROM bench_bill
    UNION ALL
    SELECT 'credit', source, partner_id, LEAST(date + 1 + days, CURRENT_DATE)
      FROM bench_bill WHERE is_credited
  ) bill;
ANALYZE bench_order, bench_order_line, bench_move;

-- Their lines that sell something; `sign` is 1 where money is owed to us

CREATE TEMP TABLE bench_bill_line AS
SELECT m.id AS move_id, l.id AS order_line_id, l.place, l.product_id, l.uom_id,
       CASE WHEN l.is_advance THEN -1 ELSE 1 END AS quantity, l.amount AS price,
       l.is_advance
  FROM bench_move m JOIN bench_order_line l ON l.order_id = m.source
 WHERE m.kind = 'order'
UNION ALL
SELECT m.id, l.id, l.place, NULL, NULL, 1, l.amount, TRUE
  FROM bench_move m JOIN bench_order_line l ON l.order_id = m.source AND l.is_advance
 WHERE m.kind = 'advance'
UNION ALL
SELECT m.id, NULL, n, p.id, p.uom_id, 1, round((random() * 5000 + 50)::numeric, 2), FALSE
  FROM bench_move m
 CROSS JOIN generate_series(1, 2) n
  JOIN bench_product p ON p.place = (abs(m.source) + n) % p.products
 WHERE m.kind = 'direct' AND n <= 1 + m.id % 2;

CREATE TEMP TABLE bench_move_line AS
SELECT line.*, round(quantity * price, 2) AS amount
  FROM (
    SELECT *, 1 AS sign FROM bench_bill_line
    UNION ALL
    SELECT credit.id, l.order_line_id, l.place, l.product_id, l.uom_id, 0.4, l.price,
           l.is_advance, -1
      FROM bench_move credit
      JOIN bench_move m ON m.source = credit.source AND m.kind IN ('order', 'direct')
      JOIN bench_bill_line l ON l.move_id = m.id AND l.place = 1
     WHERE credit.kind = 'credit'
  ) line;

CREATE TEMP TABLE bench_sum AS
SELECT *, untaxed + tax AS total, CASE WHEN is_paid THEN 0 ELSE untaxed + tax END AS due
  FROM (
    SELECT m.id, m.partner_id, m.date, m.date + 30 AS due_date, l.sign,
           sum(l.amount) AS untaxed, round(sum(l.amount) * 0.21, 2) AS tax,
           m.date < CURRENT_DATE - 45 AS is_paid,
           CASE l.sign WHEN 1 THEN 'INV/' ELSE 'RINV/' END
               || date_part('year', m.date) || '/' AS prefix,
           CASE m.kind WHEN 'credit' THEN reversed.id END AS reversed_entry_id,
           o.user_id, o.team_id, o.name AS origin
      FROM bench_move m
      JOIN bench_move_line l ON l.move_id = m.id
      LEFT JOIN bench_move reversed
        ON m.kind = 'credit' AND reversed.source = m.source AND reversed.kind IN ('order', 'direct')
      LEFT JOIN sale_order o ON o.id = m.source
     GROUP BY m.id, m.partner_id, m.date, m.kind, l.sign, reversed.id, o.id
  ) added;
ANALYZE bench_move_line, bench_sum;

INSERT INTO account_move (
    id, journal_id, company_id, partner_id, commercial_partner_id, partner_shipping_id,
    currency_id, reversed_entry_id, invoice_user_id, team_id, sequence_prefix,
    sequence_number, name, payment_reference, invoice_origin, access_token,
    invoice_partner_display_name, state, move_type, auto_post, payment_state, date,
    invoice_date, invoice_date_due, invoice_currency_rate, amount_untaxed, amount_tax,
    amount_total, amount_residual, amount_untaxed_signed,
    amount_untaxed_in_currency_signed, amount_tax_signed, amount_total_signed,
    amount_total_in_currency_signed, amount_residual_signed, always_tax_exigible,
    checked, posted_before, made_sequence_gap, is_manually_modified, is_move_sent,
    create_uid, write_uid, create_date, write_date
)
SELECT s.id, b.journal_id, b.company_id, s.partner_id, s.partner_id, s.partner_id,
       b.currency_id, s.reversed_entry_id, COALESCE(s.user_id, u.id),
       COALESCE(s.team_id, u.team_id), s.prefix,
       s.id, s.prefix || s.id, s.prefix || s.id, s.origin, md5(s.id::text),
       'Customer number ' || s.partner_id || ' Ltd', 'posted',
       CASE s.sign WHEN 1 THEN 'out_invoice' ELSE 'out_refund' END, 'no',
       CASE WHEN s.is_paid THEN 'paid' ELSE 'not_paid' END, s.date,
       s.date, s.due_date, 1, s.untaxed, s.tax,
       s.total, s.due, s.sign * s.untaxed,
       s.sign * s.untaxed, s.sign * s.tax, s.sign * s.total,
       s.sign * s.total, s.sign * s.due, FALSE,
       TRUE, TRUE, FALSE, FALSE, TRUE,
       1, 1, s.date, s.date
  FROM bench_sum s
  JOIN bench_seller u ON u.place = s.id % u.sellers,
       bench_books b
 ORDER BY s.id;

SELECT setval('account_move_id_seq', max(id)) FROM account_move;

-- What is sold, the tax on it, and what the customer owes: it adds up to 0

CREATE TEMP TABLE bench_entry AS
SELECT row_number() OVER (ORDER BY move_id, place) AS id, entry.*
  FROM (
    SELECT move_id, place, 'product' AS display_type, order_line_id, product_id, uom_id,
           quantity, price, amount, -sign * amount AS balance, 0 AS due, is_advance
      FROM bench_move_line
    UNION ALL
    SELECT id, 6, 'tax', NULL, NULL, NULL, NULL, NULL, NULL, -sign * tax, 0, FALSE
      FROM bench_sum
    UNION ALL
    SELECT id, 7, 'payment_term', NULL, NULL, NULL, NULL, NULL, NULL, sign * total,
           sign * due, FALSE
      FROM bench_sum
  ) entry;

INSERT INTO account_move_line (
    id, move_id, journal_id, company_id, company_currency_id, currency_id, account_id,
    sequence, partner_id, move_name, parent_state, name, display_type, product_id,
    product_uom_id, quantity, price_unit, discount, price_subtotal, price_total, date,
    invoice_date, date_maturity, debit, credit, balance, amount_currency,
    amount_residual, amount_residual_currency, tax_base_amount, reconciled,
    is_downpayment, is_storno, create_uid, write_uid, create_date, write_date
)
SELECT e.id, m.id, m.journal_id, m.company_id, m.currency_id, m.currency_id,
       CASE e.display_type WHEN 'product' THEN b.income_id WHEN 'tax' THEN b.tax_id
            ELSE b.receivable_id END,
       e.place, m.partner_id, m.name, m.state, 'Line', e.display_type, e.product_id,
       e.uom_id, e.quantity, e.price, 0, e.amount, round(e.amount * 1.21, 2), m.date,
       m.invoice_date, CASE e.display_type WHEN 'payment_term' THEN m.invoice_date_due END,
       GREATEST(e.balance, 0), GREATEST(-e.balance, 0), e.balance, e.balance,
       e.due, e.due, 0, e.display_type = 'payment_term' AND e.due = 0,
       e.is_advance, FALSE, 1, 1, m.date, m.date
  FROM bench_entry e
  JOIN account_move m ON m.id = e.move_id,
       bench_books b
 ORDER BY e.id;

SELECT setval('account_move_line_id_seq', max(id)) FROM account_move_line;

INSERT INTO sale_order_line_invoice_rel (invoice_line_id, order_line_id)
SELECT id, order_line_id FROM bench_entry WHERE order_line_id IS NOT NULL ORDER BY id;

DROP TABLE bench_customer, bench_seller, bench_product, bench_books, bench_order,
           bench_order_line, bench_bill, bench_move, bench_bill_line, bench_move_line,
           bench_sum, bench_entry;
