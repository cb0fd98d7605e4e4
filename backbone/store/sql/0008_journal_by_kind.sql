-- Two things may share an id, a patient's agenda and which records are the same person's: their versions are two.
ALTER TABLE journal DROP CONSTRAINT journal_pkey;
ALTER TABLE journal ADD PRIMARY KEY (aggregate_id, aggregate_kind, version, recorded_at);
