/** Who may come in: sessions, API tokens, and the key that links and forms are signed with. */

-- Of what opens something only SHA-256 digests are kept.
CREATE TABLE session (
  digest TEXT PRIMARY KEY,
  -- Of the hash of the password that opened it: another password ends it.
  password_digest TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_end ON session (expires_at);

-- Rows stay when a token is removed: who had it when is remembered.
CREATE TABLE api_token (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL CHECK (scope IN ('read', 'write')),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  removed_by TEXT,
  removed_at INTEGER
) STRICT;

CREATE UNIQUE INDEX api_token_name ON api_token (name) WHERE removed_at IS NULL;

-- One row.
CREATE TABLE signing_key (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  key TEXT NOT NULL
) STRICT;
