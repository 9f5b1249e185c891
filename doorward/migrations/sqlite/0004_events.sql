CREATE TABLE events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    -- Without a reference: what happened to a user stays known when they are gone.
    user_id    INTEGER,
    actor      TEXT    NOT NULL,
    ip         TEXT,
    user_agent TEXT,
    request_id TEXT,
    detail     TEXT    NOT NULL
) STRICT;

CREATE INDEX events_by_time ON events (at, id);
CREATE INDEX events_by_user ON events (user_id, at, id);
CREATE INDEX events_by_kind ON events (kind, at, id);

CREATE TABLE chores (
    name   TEXT    PRIMARY KEY NOT NULL,
    due_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
