-- Customers and their past: as many companies as the setting bench.accounts says, with 5
-- confirmed orders each, spread over 4 years. Orders lie in the table as they came in, so
-- those of a customer are far apart.

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

INSERT INTO sale_order (
    company_id, partner_id, partner_invoice_id, partner_shipping_id,
    kam_commercial_partner_id, currency_id, currency_rate, user_id, team_id, name,
    reference, access_token, state, locked, invoice_status, require_signature,
    require_payment, prepayment_percent, amount_untaxed, amount_tax, amount_total,
    validity_date, date_order, create_uid, write_uid, create_date, write_date
)
SELECT company.id, o.partner_id, o.partner_id, o.partner_id,
       o.partner_id, company.currency_id, 1, u.id, u.sale_team_id, 'S' || o.number,
       'S' || o.number, md5(o.number::text), 'sale', FALSE, 'invoiced', TRUE,
       FALSE, 1, o.amount, round(o.amount * 0.21, 2), round(o.amount * 1.21, 2),
       o.date + INTERVAL '30 days', o.date, u.id, u.id, o.date, o.date
  FROM (
    SELECT row_number() OVER (ORDER BY date) AS number, *
      FROM (
        SELECT p.id AS partner_id,
               round((random() * 10000 + 50)::numeric, 2) AS amount,
               date_trunc('second', now() - random() * INTERVAL '4 years') AS date
          FROM res_partner p, generate_series(1, 5)
         WHERE p.name LIKE 'Customer number %'
      ) dated
  ) o
  JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS sellers, *
          FROM res_users WHERE login LIKE 'bench_seller_%') u
    ON u.place = o.number % u.sellers,
  (SELECT id, currency_id FROM res_company ORDER BY id LIMIT 1) company
 ORDER BY o.date;
