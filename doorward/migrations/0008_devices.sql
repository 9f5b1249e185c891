CREATE TABLE devices (
    token_hash   BYTEA  PRIMARY KEY,
    user_id      BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind         TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL
) /* by key */;

CREATE INDEX devices_by_user ON devices (user_id, kind, last_used_at);
CREATE INDEX devices_by_last_use ON devices (last_used_at);
