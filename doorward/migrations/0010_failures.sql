-- What clients that proved nothing did in vain, gathered by account and minute. A row counts all of them, so a flood of
-- wrong passwords adds few rows.
CREATE TABLE failures (
    -- Made of what the row gathers: the same failure a moment later has the same number.
    id          BIGINT PRIMARY KEY NOT NULL,
    kind        TEXT   NOT NULL,
    -- No reference: the failures stay when the user is deleted.
    user_id     BIGINT,
    -- The first and the last of them.
    first_at    BIGINT NOT NULL,
    last_at     BIGINT NOT NULL,
    count       BIGINT NOT NULL,
    -- The newest event when the first one happened. It gives the row its place among the events of the same second.
    after_event BIGINT NOT NULL,
    -- Some of the client addresses, with a space between them.
    addresses   TEXT   NOT NULL,
    user_agent  TEXT,
    request_id  TEXT,
    detail      TEXT   NOT NULL
);

CREATE INDEX failures_by_time ON failures (first_at, after_event, id);
CREATE INDEX failures_by_user ON failures (user_id, first_at, after_event, id) WHERE user_id IS NOT NULL;
