/** Rules, and what errors of a rewritten history are found by. */

-- Rows stay when a rule is removed: who had it when is remembered, and the version only grows.
CREATE TABLE rule (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  -- Null: counts in all projects.
  project_id INTEGER REFERENCES project (id),
  -- The rule's own fields, JSON.
  fields TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  removed_by TEXT,
  removed_at INTEGER,
  hit_count INTEGER NOT NULL DEFAULT 0,
  last_hit_at INTEGER
) STRICT;

CREATE UNIQUE INDEX rule_once ON rule (kind, coalesce(project_id, 0), fields)
  WHERE removed_at IS NULL;

CREATE INDEX error_by_path ON error (project_id, path);
CREATE INDEX origin_by_path ON origin (project_id, path);

-- The `.git-blame-ignore-revs` that every origin of the project was found with; empty for none.
-- Null before the first.
ALTER TABLE project ADD COLUMN ignore_revs TEXT;
