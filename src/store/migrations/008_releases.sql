/** In which releases errors were seen. */

-- Bounded for each error: beside the first release those seen last.
CREATE TABLE error_release (
  error_id INTEGER NOT NULL REFERENCES error (id) ON DELETE CASCADE,
  release TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  PRIMARY KEY (error_id, release)
) STRICT, WITHOUT ROWID;

-- All that is known of those seen so far.
INSERT INTO error_release (error_id, release, first_seen, last_seen)
  SELECT id, release, last_occurrence, last_occurrence FROM error WHERE release <> '';
