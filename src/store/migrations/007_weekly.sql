/** Since when weekly reports are on. */

-- One row while they are, none while they are off.
CREATE TABLE weekly_reports (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  on_since INTEGER NOT NULL
) STRICT;

INSERT INTO weekly_reports (id, on_since)
SELECT 1, min(created_at) FROM mail WHERE error_id IS NULL AND reason GLOB 'weekly:*'
HAVING count(*) > 0;
