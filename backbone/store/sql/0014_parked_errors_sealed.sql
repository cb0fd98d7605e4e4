-- What is said of a record that can't be handled may quote it: it is sealed as the record is.
ALTER TABLE parked ALTER COLUMN error TYPE bytea USING convert_to(error, 'UTF8');
