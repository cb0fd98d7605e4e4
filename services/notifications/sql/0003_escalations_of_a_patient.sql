-- What is open about a patient ends with their death.
ALTER TABLE escalation ADD COLUMN patient_id text;
CREATE INDEX escalation_by_patient ON escalation (patient_id) WHERE open = 'true';
