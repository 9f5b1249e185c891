CREATE TABLE attempts (
    key        BYTEA  PRIMARY KEY,
    count      BIGINT NOT NULL,
    last_at    BIGINT NOT NULL,
    delay      BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) /* by key */;

CREATE INDEX attempts_by_expiry ON attempts (expires_at);
