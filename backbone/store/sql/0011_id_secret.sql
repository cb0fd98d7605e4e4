-- Under which secret the ids of this database are derived, as a mark that does not tell it. One row, written once.
CREATE TABLE id_secret (
    is_the_one boolean PRIMARY KEY DEFAULT true CHECK (is_the_one),
    mark bytea NOT NULL
);
