CREATE TABLE one_time_tokens (
    token_hash    BYTEA  PRIMARY KEY,
    user_id       BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose       TEXT   NOT NULL,
    sent_to       TEXT   NOT NULL,
    sent_to_key   TEXT   NOT NULL,
    code_hash     TEXT,
    asked_at      BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL
) /* by key */;

-- A new token replaces the older one. But the owner of any earlier address can undo its change, so those tokens stay.
CREATE UNIQUE INDEX one_time_tokens_newest ON one_time_tokens (user_id, purpose)
    WHERE purpose <> 'undo_email_change';
CREATE INDEX one_time_tokens_by_user ON one_time_tokens (user_id);
CREATE INDEX one_time_tokens_by_address ON one_time_tokens (sent_to_key) WHERE purpose = 'undo_email_change';
CREATE INDEX one_time_tokens_by_expiry ON one_time_tokens (expires_at);
