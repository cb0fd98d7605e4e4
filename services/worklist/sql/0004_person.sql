-- What there is of a person is listed in order of id.
CREATE INDEX episode_by_person ON episode (lane_key, id);
