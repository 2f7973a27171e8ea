-- first run: the code with which the first tenant may be made by browser. One row at most, no tenant's data.
CREATE TABLE setup_codes (
  id int PRIMARY KEY CHECK (id = 1),
  code_hash text NOT NULL,
  claim uuid,
  claimed_at timestamptz
);
GRANT SELECT, INSERT, UPDATE, DELETE ON setup_codes TO parley_system;
