def migrate(cr, version):
    """Give key accounts of before their nomination: since the flag was last set."""
    cr.execute(
        """
        INSERT INTO kam_key_nomination
               (account_id, company_id, state, reason, date_start,
                create_uid, write_uid, create_date, write_date)
        SELECT a.id, a.company_id, 'nominated',
               'Was a key account before reasons were asked for.',
               LEAST(COALESCE(flagged.date, a.create_date)::date, current_date),
               1, 1, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM kam_account a
          LEFT JOIN LATERAL (
            SELECT max(m.date) AS date
              FROM mail_message m
              JOIN mail_tracking_value v ON v.mail_message_id = m.id
              JOIN ir_model_fields f ON f.id = v.field_id
             WHERE m.model = 'kam.account' AND m.res_id = a.id
               AND f.name = 'is_key_account' AND v.new_value_integer = 1
          ) flagged ON TRUE
         WHERE a.is_key_account AND NOT EXISTS (
            SELECT FROM kam_key_nomination n
             WHERE n.account_id = a.id AND n.date_end IS NULL)
        """
    )
