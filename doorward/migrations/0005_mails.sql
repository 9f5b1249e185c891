CREATE TABLE mails (
    id         BIGINT PRIMARY KEY NOT NULL,
    letter     TEXT   NOT NULL,
    user_id    BIGINT,
    email      TEXT,
    email_key  TEXT,
    language   TEXT   NOT NULL,
    details    TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    attempts   BIGINT NOT NULL,
    due_at     BIGINT,
    dead_at    BIGINT,
    last_error TEXT
);

-- A mail has a time when it is due, or a time when it was given up. While it is being sent, `due_at` is the next try.
CREATE INDEX mails_by_due ON mails (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX mails_by_death ON mails (dead_at) WHERE dead_at IS NOT NULL;
CREATE INDEX mails_by_user ON mails (user_id) WHERE user_id IS NOT NULL;
