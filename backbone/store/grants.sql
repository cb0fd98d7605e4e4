-- What the role in the setting huddle.runs may do in this database: work with every row, but only add to what is kept as
-- proof; change no table. Said by the owner after migrations; all of it anew, so that nothing stays of what was before.
DO $$
DECLARE
    runs CONSTANT text := current_setting('huddle.runs');
    added_to_only CONSTANT text[] := ARRAY['journal', 'access_record', 'timeline', 'refusal', 'id_secret'];
    rights text;
    kept record;
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), runs);
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', runs);
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %I', runs);
    -- The journal's months are reached over the journal, and by no right of their own.
    FOR kept IN SELECT relname FROM pg_class
                WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    LOOP
        rights := CASE
            WHEN kept.relname = 'migration' THEN 'SELECT'
            WHEN kept.relname = ANY (added_to_only) THEN 'SELECT, INSERT'
            WHEN kept.relname = 'access_chain' THEN 'SELECT, INSERT, UPDATE'
            ELSE 'SELECT, INSERT, UPDATE, DELETE'
        END;
        EXECUTE format('GRANT %s ON %I TO %I', rights, kept.relname, runs);
    END LOOP;
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %I', runs);
    EXECUTE format('GRANT EXECUTE ON FUNCTION make_journal_month TO %I', runs);
END $$;
