/** What people say of errors. */

-- Rows stay: they are the error's history, and what is in force follows from them in their order.
-- Those of an error that another one absorbs stay with it, as its mails do.
CREATE TABLE error_action (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  error_id INTEGER NOT NULL REFERENCES error (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  by_whom TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- The action's own fields, JSON.
  fields TEXT NOT NULL
) STRICT;

CREATE INDEX error_action_by_error ON error_action (error_id);
