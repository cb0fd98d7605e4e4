-- What is told of a person reaches all work about them.
ALTER TABLE item ADD COLUMN patient_id text;
UPDATE item SET patient_id = lane_key::text;
CREATE INDEX item_by_patient ON item (patient_id);
