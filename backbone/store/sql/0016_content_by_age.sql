-- What is old enough to be deleted is found without reading everything.
CREATE INDEX content_by_age ON content USING brin (recorded_at);
