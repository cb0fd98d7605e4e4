-- Timers and effects too are those of a kind: two things that share an id have each their own.
ALTER TABLE timer DROP CONSTRAINT timer_pkey;
ALTER TABLE timer ADD PRIMARY KEY (aggregate_id, aggregate_kind, name);
ALTER TABLE effect DROP CONSTRAINT effect_aggregate_id_name_key;
ALTER TABLE effect ADD UNIQUE (aggregate_id, aggregate_kind, name);
