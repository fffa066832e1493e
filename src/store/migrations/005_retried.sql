/** Mails that somebody had tried again. */

-- From when on it is tried anew, for as long as a new one; null while nobody asked for that.
ALTER TABLE mail ADD COLUMN retried_at INTEGER;
