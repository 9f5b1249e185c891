CREATE TABLE events (
    id         BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    at         BIGINT NOT NULL,
    kind       TEXT   NOT NULL,
    -- No reference: the events of a user stay when the user is deleted.
    user_id    BIGINT,
    actor      TEXT   NOT NULL,
    ip         TEXT,
    user_agent TEXT,
    request_id TEXT,
    detail     TEXT   NOT NULL
);

CREATE INDEX events_by_time ON events (at, id);
CREATE INDEX events_by_user ON events (user_id, at, id);
CREATE INDEX events_by_kind ON events (kind, at, id);

CREATE TABLE chores (
    name   TEXT   PRIMARY KEY,
    due_at BIGINT NOT NULL
) /* by key */;
