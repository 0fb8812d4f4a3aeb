-- Customers and their orders: as many companies as the setting bench.accounts says, with 5
-- confirmed orders each, spread over 4 years, of 1 to 4 lines. Orders lie in the table as
-- they came in, so those of a customer are far apart. invoices.sql goes on from here.

SELECT setseed(0.5);

INSERT INTO res_partner (
    id, commercial_partner_id, name, complete_name, commercial_company_name,
    is_company, active, employee, partner_share, type, lang, tz, country_id, street, zip,
    city, email, email_normalized, phone, phone_sanitized, website, vat, color,
    message_bounce, supplier_rank, customer_rank, autopost_bills,
    create_uid, write_uid, create_date, write_date
)
SELECT customer.id, customer.id, name, name, name,
       TRUE, TRUE, FALSE, TRUE, 'contact', 'en_US', 'Europe/Brussels', country_id,
       id % 200 || ' Industrial Park Avenue', lpad((id % 99999)::text, 5, '0'),
       'City ' || id % 5000, email, email, phone, replace(phone, ' ', ''),
       'https://www.customer-' || id || '.example.com', 'BE0' || 400000000 + id, 0,
       0, 0, 5, 'ask',
       1, 1, now() - INTERVAL '5 years', now() - INTERVAL '1 year'
  FROM (
    SELECT first.id + n AS id, 'Customer number ' || n || ' Ltd' AS name,
           'office@customer-' || n || '.example.com' AS email,
           '+32 2 ' || 1000000 + n AS phone
      FROM (SELECT max(id) AS id FROM res_partner) first,
           generate_series(1, current_setting('bench.accounts')::int) n
  ) customer,
  (SELECT id AS country_id FROM res_country WHERE code = 'BE') country;

SELECT setval('res_partner_id_seq', max(id)) FROM res_partner;

-- What orders and invoices are made of

CREATE TEMP TABLE bench_customer AS
SELECT id FROM res_partner WHERE name LIKE 'Customer number %';
CREATE TEMP TABLE bench_seller AS
SELECT id, sale_team_id AS team_id, row_number() OVER (ORDER BY id) - 1 AS place,
       count(*) OVER () AS sellers
  FROM res_users WHERE login LIKE 'bench_seller_%';
CREATE TEMP TABLE bench_product AS
SELECT p.id, t.uom_id, row_number() OVER (ORDER BY p.id) - 1 AS place,
       count(*) OVER ()::int AS products
  FROM product_product p
  JOIN product_template t ON t.id = p.product_tmpl_id
 WHERE t.name->>'en_US' LIKE 'Bench product %';
CREATE TEMP TABLE bench_books AS
SELECT company.id AS company_id, company.currency_id, journal.id AS journal_id,
       receivable.id AS receivable_id, income.id AS income_id, tax.id AS tax_id
  FROM (SELECT id, currency_id FROM res_company ORDER BY id LIMIT 1) company,
       (SELECT min(id) AS id FROM account_journal WHERE type = 'sale') journal,
       (SELECT min(id) AS id FROM account_account
         WHERE account_type = 'asset_receivable') receivable,
       (SELECT min(id) AS id FROM account_account WHERE account_type = 'income') income,
       (SELECT min(id) AS id FROM account_account
         WHERE account_type = 'liability_current') tax;
ANALYZE bench_customer, bench_seller, bench_product, bench_books;

-- Orders: who buys when, for how much, in how many lines, and what was paid in advance;
-- `billed` is the day of the invoice.

CREATE TEMP TABLE bench_order AS
SELECT row_number() OVER (ORDER BY date) AS id, partner_id, date, amount, lines, product,
       CASE WHEN is_billed AND date::date + days <= CURRENT_DATE
            THEN date::date + days END AS billed,
       CASE WHEN is_advanced THEN round(amount * 0.3, 2) END AS advance
  FROM (
    SELECT c.id AS partner_id,
           round((random() * 10000 + 50)::numeric, 2) AS amount,
           date_trunc('second', now() - random() * INTERVAL '4 years') AS date,
           1 + floor(random() * 4)::int AS lines,
           floor(random() * 1000)::int AS product,
           random() < 0.6 AS is_billed,
           floor(random() * 20)::int AS days,
           random() < 0.01 AS is_advanced
      FROM bench_customer c, generate_series(1, 5)
  ) dated;

INSERT INTO sale_order (
    id, company_id, partner_id, partner_invoice_id, partner_shipping_id,
    kam_commercial_partner_id, currency_id, currency_rate, user_id, team_id, name,
    reference, access_token, state, locked, invoice_status, require_signature,
    require_payment, prepayment_percent, amount_untaxed, amount_tax, amount_total,
    validity_date, date_order, create_uid, write_uid, create_date, write_date
)
SELECT o.id, b.company_id, o.partner_id, o.partner_id, o.partner_id,
       o.partner_id, b.currency_id, 1, u.id, u.team_id, 'S' || o.id,
       'S' || o.id, md5(o.id::text), 'sale', FALSE,
       CASE WHEN o.billed IS NULL THEN 'to invoice' ELSE 'invoiced' END, TRUE,
       FALSE, 1, o.amount, round(o.amount * 0.21, 2), round(o.amount * 1.21, 2),
       o.date + INTERVAL '30 days', o.date, u.id, u.id, o.date, o.date
  FROM bench_order o
  JOIN bench_seller u ON u.place = o.id % u.sellers,
       bench_books b
 ORDER BY o.id;

SELECT setval('sale_order_id_seq', max(id)) FROM sale_order;

-- Their lines: 1 to 4 of unequal amounts that add up to the order, each of another
-- category, and a line of nothing for what was paid in advance

CREATE TEMP TABLE bench_order_line AS
SELECT row_number() OVER (ORDER BY order_id, place) AS id, line.*
  FROM (
    SELECT o.id AS order_id, n AS place, p.id AS product_id, p.uom_id,
           round(o.amount * n * n / (o.lines * o.lines), 2)
               - round(o.amount * (n - 1) * (n - 1) / (o.lines * o.lines), 2) AS amount,
           FALSE AS is_advance
      FROM bench_order o
     CROSS JOIN generate_series(1, 4) n
      JOIN bench_product p ON p.place = (o.product + n) % p.products
     WHERE n <= o.lines
    UNION ALL
    SELECT id, 5, NULL, NULL, advance, TRUE FROM bench_order WHERE advance IS NOT NULL
  ) line;

INSERT INTO sale_order_line (
    id, order_id, company_id, currency_id, order_partner_id, salesman_id, state, name,
    sequence, product_id, product_uom_id, product_uom_qty, price_unit, price_subtotal,
    price_tax, price_total, discount, is_downpayment, invoice_status, customer_lead,
    create_uid, write_uid, create_date, write_date
)
SELECT l.id, o.id, o.company_id, o.currency_id, o.partner_id, o.user_id, o.state, 'Line',
       l.place, l.product_id, l.uom_id, sold.quantity, l.amount, sold.amount,
       round(sold.amount * 0.21, 2), round(sold.amount * 1.21, 2), 0, l.is_advance,
       o.invoice_status, 0,
       o.user_id, o.user_id, o.date_order, o.date_order
  FROM bench_order_line l
  JOIN sale_order o ON o.id = l.order_id
 CROSS JOIN LATERAL (
    SELECT CASE WHEN l.is_advance THEN 0 ELSE 1 END AS quantity,
           CASE WHEN l.is_advance THEN 0 ELSE l.amount END AS amount
  ) sold
 ORDER BY l.id;

SELECT setval('sale_order_line_id_seq', max(id)) FROM sale_order_line;
