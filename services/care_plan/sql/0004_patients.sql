-- With a death all plans of the patient end.
ALTER TABLE care_plan ADD COLUMN patient_id text;
UPDATE care_plan
   SET patient_id = lane_key::text,
       body = jsonb_set(body, '{course,patient_id}', to_jsonb(lane_key::text))
 WHERE body ? 'course' AND lane_key IS NOT NULL;
CREATE INDEX care_plan_of_patient ON care_plan (patient_id);
