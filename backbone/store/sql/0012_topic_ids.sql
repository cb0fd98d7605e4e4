-- Which log a position counts in: Kafka's own id of the topic. One that is made anew under the same name has another.
-- `stopped`: why nothing is read here until a person says where to begin.
ALTER TABLE consumer_offset ADD COLUMN topic_id uuid, ADD COLUMN stopped text;
