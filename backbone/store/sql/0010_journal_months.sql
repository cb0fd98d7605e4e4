-- Makes the journal's partition of a month. Who runs the service makes no tables, and owns none: of the journal's months
-- it may have the next one made, by its owner.
CREATE FUNCTION make_journal_month(month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first timestamp := date_trunc('month', month);
BEGIN
    EXECUTE format(
        'CREATE TABLE %I PARTITION OF journal FOR VALUES FROM (%L) TO (%L)',
        to_char(first, '"journal_"YYYY_MM'), first AT TIME ZONE 'UTC', (first + interval '1 month') AT TIME ZONE 'UTC'
    );
END $$;
REVOKE ALL ON FUNCTION make_journal_month FROM PUBLIC;
