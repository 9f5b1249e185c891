CREATE TABLE mails (
    id         INTEGER PRIMARY KEY NOT NULL,
    letter     TEXT    NOT NULL,
    user_id    INTEGER,
    email      TEXT,
    email_key  TEXT,
    language   TEXT    NOT NULL,
    details    TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    attempts   INTEGER NOT NULL,
    due_at     INTEGER,
    dead_at    INTEGER,
    last_error TEXT
) STRICT;

-- A mail is due, or on its way until then, or dead.
CREATE INDEX mails_by_due ON mails (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX mails_by_death ON mails (dead_at) WHERE dead_at IS NOT NULL;
CREATE INDEX mails_by_user ON mails (user_id) WHERE user_id IS NOT NULL;
