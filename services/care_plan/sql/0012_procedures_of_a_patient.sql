-- Runs with: 0.1.0 and later.
-- Procedures of a patient: what is done, judged or moved under one order is looked at for the others.
ALTER TABLE procedure ADD COLUMN patient_id text;
UPDATE procedure SET patient_id = lane_key::text WHERE lane_key IS NOT NULL;
CREATE INDEX procedure_by_patient ON procedure (patient_id) WHERE patient_id IS NOT NULL;
