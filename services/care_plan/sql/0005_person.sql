-- What there is of a person is listed in order of id.
CREATE INDEX consultation_by_person ON consultation (lane_key, id);
CREATE INDEX measure_request_by_person ON measure_request (lane_key, id);
CREATE INDEX letter_by_person ON letter (lane_key, id);
CREATE INDEX mdt_case_by_person ON mdt_case (lane_key, id);
CREATE INDEX mdt_action_by_person ON mdt_action (lane_key, id);
CREATE INDEX safety_alert_by_person ON safety_alert (lane_key, id);
