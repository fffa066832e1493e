/** Mails that are held back by the limit an hour, and the digests that they become. */

CREATE TABLE new_mail (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- What it is about: one error, many at once, or flawless itself.
  kind TEXT NOT NULL CHECK (kind IN ('error', 'digest', 'flawless')),
  error_id INTEGER REFERENCES error (id),
  reason TEXT NOT NULL,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  message_id TEXT NOT NULL,
  -- A mail that is held never leaves by itself.
  state TEXT NOT NULL DEFAULT 'queued'
    CHECK (state IN ('held', 'queued', 'sent', 'refused', 'given_up')),
  -- The digest that a held mail became part of. What became of that became of this mail.
  digest_id INTEGER REFERENCES mail (id),
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
  UNIQUE (error_id, reason, recipient),
  CHECK ((kind = 'error') = (error_id IS NOT NULL)),
  CHECK (state <> 'held' OR kind = 'error'),
  CHECK (digest_id IS NULL OR state = 'held')
) STRICT;

INSERT INTO new_mail (id, kind, error_id, reason, recipient, subject, message_id, state, in_doubt,
    transmitting, told, attempts, created_at, next_attempt_at, sent_at, last_answer, message)
  SELECT id, iif(error_id IS NULL, 'flawless', 'error'), error_id, reason, recipient, subject,
    message_id, state, in_doubt, transmitting, told, attempts, created_at, next_attempt_at, sent_at,
    last_answer, message
  FROM mail ORDER BY id;

DROP TABLE mail;
ALTER TABLE new_mail RENAME TO mail;

-- Nulls are distinct to the constraint above.
CREATE UNIQUE INDEX mail_without_error ON mail (reason, recipient) WHERE error_id IS NULL;
CREATE INDEX mail_due ON mail (next_attempt_at) WHERE state = 'queued';
CREATE INDEX mail_transmitting ON mail (id) WHERE transmitting = 1;
CREATE INDEX mail_untold ON mail (id)
  WHERE state IN ('refused', 'given_up') AND told = 0 AND kind <> 'flawless';
-- What waits for a digest (no number yet), and what is in one.
CREATE INDEX mail_held ON mail (digest_id, recipient COLLATE NOCASE) WHERE state = 'held';
-- What counts towards the limit.
CREATE INDEX mail_by_recipient ON mail (recipient COLLATE NOCASE, created_at)
  WHERE state <> 'held' AND kind <> 'flawless';
-- For counting only: led by `state`, it would be preferred to the indexes above.
CREATE INDEX mail_numbers ON mail (in_doubt, state) WHERE digest_id IS NULL;
