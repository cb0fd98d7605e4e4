-- What there is of a person is listed in order of id.
CREATE INDEX waitlist_entry_by_person ON waitlist_entry (lane_key, id);
CREATE INDEX joint_day_by_person ON joint_day (lane_key, id);
CREATE INDEX unavailability_by_person ON unavailability (lane_key, id);
