-- Customers, their confirmed orders, and posted credit notes that concern no order, from
-- the table history (customer, day, amount), as an integrator would leave them.

CREATE TEMP TABLE history_customer AS
SELECT first.id + row_number() OVER (ORDER BY customer) AS id, customer AS name
  FROM (SELECT DISTINCT customer FROM history) named,
       (SELECT max(id) AS id FROM res_partner) first;

INSERT INTO res_partner (
    id, commercial_partner_id, name, complete_name, commercial_company_name, is_company,
    active, employee, partner_share, type, lang, color, message_bounce, supplier_rank,
    customer_rank, autopost_bills, create_uid, write_uid, create_date, write_date
)
SELECT id, id, name, name, name, TRUE,
       TRUE, FALSE, TRUE, 'contact', 'en_US', 0, 0, 0,
       1, 'ask', 1, 1, now(), now()
  FROM history_customer;

SELECT setval('res_partner_id_seq', max(id)) FROM res_partner;

CREATE TEMP TABLE history_books AS
SELECT company.id AS company_id, company.currency_id, journal.id AS journal_id,
       receivable.id AS receivable_id, income.id AS income_id, product.id AS product_id,
       template.uom_id
  FROM (SELECT id, currency_id FROM res_company ORDER BY id LIMIT 1) company,
       (SELECT min(id) AS id FROM account_journal WHERE type = 'sale') journal,
       (SELECT min(id) AS id FROM account_account
         WHERE account_type = 'asset_receivable') receivable,
       (SELECT min(id) AS id FROM account_account WHERE account_type = 'income') income,
       (SELECT max(id) AS id FROM product_product) product
  JOIN product_product p ON p.id = product.id
  JOIN product_template template ON template.id = p.product_tmpl_id;

CREATE TEMP TABLE history_document AS
SELECT row_number() OVER (PARTITION BY h.amount > 0 ORDER BY h.day, c.id) AS id,
       c.id AS partner_id, h.day, h.amount
  FROM history h JOIN history_customer c ON c.name = h.customer
 WHERE h.amount <> 0;
ANALYZE history_document;

INSERT INTO sale_order (
    id, company_id, partner_id, partner_invoice_id, partner_shipping_id, currency_id,
    currency_rate, user_id, name, state, locked, invoice_status, require_signature,
    require_payment, prepayment_percent, amount_untaxed, amount_tax, amount_total,
    date_order, create_uid, write_uid, create_date, write_date
)
SELECT d.id, b.company_id, d.partner_id, d.partner_id, d.partner_id, b.currency_id,
       1, 1, 'S' || d.id, 'sale', FALSE, 'to invoice', FALSE,
       FALSE, 1, d.amount, 0, d.amount,
       d.day + INTERVAL '12 hours', 1, 1, d.day, d.day
  FROM history_document d, history_books b
 WHERE d.amount > 0 ORDER BY d.id;

SELECT setval('sale_order_id_seq', max(id)) FROM sale_order;

INSERT INTO sale_order_line (
    order_id, company_id, currency_id, order_partner_id, salesman_id, state, name,
    sequence, product_id, product_uom_id, product_uom_qty, price_unit, price_subtotal,
    price_tax, price_total, discount, is_downpayment, invoice_status, customer_lead,
    create_uid, write_uid, create_date, write_date
)
SELECT o.id, o.company_id, o.currency_id, o.partner_id, 1, o.state, 'Line',
       10, b.product_id, b.uom_id, 1, o.amount_untaxed, o.amount_untaxed,
       0, o.amount_untaxed, 0, FALSE, 'to invoice', 0,
       1, 1, o.create_date, o.create_date
  FROM sale_order o, history_books b ORDER BY o.id;

INSERT INTO account_move (
    id, journal_id, company_id, partner_id, commercial_partner_id, partner_shipping_id,
    currency_id, invoice_user_id, sequence_prefix, sequence_number, name, state,
    move_type, auto_post, payment_state, date, invoice_date, invoice_date_due,
    invoice_currency_rate, amount_untaxed, amount_tax, amount_total, amount_residual,
    amount_untaxed_signed, amount_untaxed_in_currency_signed, amount_tax_signed,
    amount_total_signed, amount_total_in_currency_signed, amount_residual_signed,
    always_tax_exigible, checked, posted_before, made_sequence_gap,
    is_manually_modified, is_move_sent, create_uid, write_uid, create_date, write_date
)
SELECT d.id, b.journal_id, b.company_id, d.partner_id, d.partner_id, d.partner_id,
       b.currency_id, 1, 'RINV/', d.id, 'RINV/' || d.id, 'posted',
       'out_refund', 'no', 'paid', d.day, d.day, d.day,
       1, -d.amount, 0, -d.amount, 0,
       d.amount, d.amount, 0,
       d.amount, d.amount, 0,
       FALSE, TRUE, TRUE, FALSE,
       FALSE, TRUE, 1, 1, d.day, d.day
  FROM history_document d, history_books b
 WHERE d.amount < 0 ORDER BY d.id;

SELECT setval('account_move_id_seq', max(id)) FROM account_move HAVING max(id) > 0;

INSERT INTO account_move_line (
    move_id, journal_id, company_id, company_currency_id, currency_id, account_id,
    sequence, partner_id, move_name, parent_state, name, display_type, quantity,
    price_unit, discount, price_subtotal, price_total, date, invoice_date,
    date_maturity, debit, credit, balance, amount_currency, amount_residual,
    amount_residual_currency, tax_base_amount, reconciled, is_downpayment, is_storno,
    create_uid, write_uid, create_date, write_date
)
SELECT m.id, m.journal_id, m.company_id, m.currency_id, m.currency_id, side.account_id,
       side.place, m.partner_id, m.name, m.state, 'Credit', side.kind, side.quantity,
       side.price, 0, side.price, side.price, m.date, m.invoice_date,
       side.due, GREATEST(side.balance, 0), GREATEST(-side.balance, 0), side.balance,
       side.balance, 0,
       0, 0, side.kind = 'payment_term', FALSE, FALSE,
       1, 1, m.create_date, m.create_date
  FROM account_move m
 CROSS JOIN history_books b
 CROSS JOIN LATERAL (VALUES
    (1, 'product', b.income_id, 1, m.amount_untaxed, m.amount_untaxed, NULL::date),
    (2, 'payment_term', b.receivable_id, NULL, NULL, -m.amount_untaxed, m.invoice_date)
 ) side (place, kind, account_id, quantity, price, balance, due)
 WHERE m.move_type = 'out_refund'
 ORDER BY m.id, side.place;

DROP TABLE history_document, history_books;
