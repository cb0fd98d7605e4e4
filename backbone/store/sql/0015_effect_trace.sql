-- The trace of what wanted the effect: the call to the outside goes on in it.
ALTER TABLE effect ADD COLUMN traceparent text;
