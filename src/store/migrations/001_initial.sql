/** The first schema: projects, waiting events, errors, mails. */

CREATE TABLE project (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE project_key (
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project (id),
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  source_root TEXT NOT NULL,
  UNIQUE (project_id, name)
) STRICT;

-- Ids that clients chose, kept for seven days so that a repeated event counts once.
CREATE TABLE seen_event (
  project_id INTEGER NOT NULL REFERENCES project (id),
  event_id TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, event_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX seen_event_by_age ON seen_event (received_at);

-- Events of one stack that nobody was found for yet. Ids are never used twice: work in progress
-- is named by them.
CREATE TABLE waiting (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id INTEGER NOT NULL REFERENCES project (id),
  key_id INTEGER NOT NULL REFERENCES project_key (id),
  release TEXT NOT NULL,
  environment TEXT NOT NULL,
  exception_type TEXT NOT NULL,
  stack_hash TEXT NOT NULL,
  error_threshold INTEGER,
  first_received_at INTEGER NOT NULL,
  last_received_at INTEGER NOT NULL,
  next_attempt_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  -- Put off for want of a fetch, not after a failure.
  waits_for_fetch INTEGER NOT NULL DEFAULT 0,
  -- The latest event: JSON, zstd.
  event BLOB NOT NULL,
  UNIQUE (stack_hash, project_id, key_id, release, environment, exception_type)
) STRICT;

CREATE INDEX waiting_by_next_attempt ON waiting (next_attempt_at, first_received_at);

CREATE TABLE waiting_day (
  waiting_id INTEGER NOT NULL REFERENCES waiting (id) ON DELETE CASCADE,
  day TEXT NOT NULL,
  count INTEGER NOT NULL CHECK (count > 0),
  PRIMARY KEY (waiting_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE error (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  project_id INTEGER NOT NULL REFERENCES project (id),
  kind TEXT NOT NULL CHECK (kind IN ('blamed', 'unblamable')),
  first_occurrence INTEGER NOT NULL,
  last_occurrence INTEGER NOT NULL,
  exception_type TEXT NOT NULL,
  exception_message TEXT NOT NULL,
  path TEXT NOT NULL,
  line INTEGER NOT NULL,
  function_name TEXT NOT NULL,
  text TEXT NOT NULL,
  author_name TEXT,
  author_email TEXT,
  author_date TEXT,
  commit_summary TEXT,
  is_merge INTEGER,
  developer TEXT,
  confidence TEXT,
  hostname TEXT NOT NULL,
  release TEXT NOT NULL,
  environment TEXT NOT NULL
) STRICT;

-- Where git says an error's line was born. Aliases are further origins of the same error.
CREATE TABLE origin (
  id INTEGER PRIMARY KEY,
  error_id INTEGER NOT NULL REFERENCES error (id) ON DELETE CASCADE,
  project_id INTEGER NOT NULL REFERENCES project (id),
  commit_id TEXT NOT NULL,
  path TEXT NOT NULL,
  line INTEGER NOT NULL,
  is_alias INTEGER NOT NULL,
  UNIQUE (project_id, commit_id, path, line)
) STRICT;

CREATE INDEX origin_by_error ON origin (error_id);
CREATE UNIQUE INDEX origin_own ON origin (error_id) WHERE is_alias = 0;

-- What an error without a culprit is told apart by.
CREATE TABLE unblamable (
  error_id INTEGER PRIMARY KEY REFERENCES error (id) ON DELETE CASCADE,
  project_id INTEGER NOT NULL REFERENCES project (id),
  exception_type TEXT NOT NULL,
  path TEXT NOT NULL,
  function_name TEXT NOT NULL,
  -- Folded; `:` and the line's number where the client sent none.
  text TEXT NOT NULL,
  UNIQUE (project_id, exception_type, path, function_name, text)
) STRICT;

CREATE TABLE error_day (
  day TEXT NOT NULL,
  error_id INTEGER NOT NULL REFERENCES error (id) ON DELETE CASCADE,
  count INTEGER NOT NULL CHECK (count > 0),
  PRIMARY KEY (day, error_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX error_day_by_error ON error_day (error_id, day, count);

-- Apart from `error`, so that lists read small rows.
CREATE TABLE error_latest (
  error_id INTEGER PRIMARY KEY REFERENCES error (id) ON DELETE CASCADE,
  received_at INTEGER NOT NULL,
  -- Each JSON, zstd.
  event BLOB NOT NULL,
  decision BLOB NOT NULL,
  code BLOB NOT NULL
) STRICT;

CREATE TABLE mail (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Null for mail about flawless itself.
  error_id INTEGER REFERENCES error (id),
  reason TEXT NOT NULL,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  message_id TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'refused', 'given_up')),
  -- An answer was lost.
  in_doubt INTEGER NOT NULL DEFAULT 0,
  -- The last byte is about to leave or has left, and no answer is recorded.
  transmitting INTEGER NOT NULL DEFAULT 0,
  -- Somebody heard that it was refused or given up.
  told INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  next_attempt_at INTEGER NOT NULL,
  sent_at INTEGER,
  last_answer TEXT NOT NULL DEFAULT '',
  -- The whole OutgoingMail: JSON, zstd.
  message BLOB NOT NULL,
  UNIQUE (error_id, reason, recipient)
) STRICT;

-- Nulls are distinct to the constraint above.
CREATE UNIQUE INDEX mail_about_flawless ON mail (reason, recipient) WHERE error_id IS NULL;
CREATE INDEX mail_due ON mail (next_attempt_at) WHERE state = 'queued';
CREATE INDEX mail_transmitting ON mail (id) WHERE transmitting = 1;
CREATE INDEX mail_untold ON mail (id)
  WHERE state IN ('refused', 'given_up') AND told = 0 AND error_id IS NOT NULL;
-- For counting only: led by `state`, it would be preferred to the indexes above.
CREATE INDEX mail_numbers ON mail (in_doubt, state);
