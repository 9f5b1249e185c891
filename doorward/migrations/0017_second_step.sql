-- The second step of a log-in: what a session was proved with beside the first proof, and when.
ALTER TABLE sessions ADD COLUMN second_method TEXT;
ALTER TABLE sessions ADD COLUMN second_at BIGINT;

-- Log-ins that wait for their next step. A row is no session, and no extractor accepts its token. `user_id` is NULL for an
-- address without an account. `stage` says what is missing.
CREATE TABLE pending_logins (
    token_hash   BYTEA  PRIMARY KEY,
    user_id      BIGINT REFERENCES users (id) ON DELETE CASCADE,
    stage        TEXT   NOT NULL,
    first_method TEXT   NOT NULL,
    transport    TEXT   NOT NULL,
    tries        BIGINT NOT NULL,
    ip           TEXT,
    user_agent   TEXT,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
) /* by key */;

CREATE INDEX pending_logins_by_user ON pending_logins (user_id);
CREATE INDEX pending_logins_by_expiry ON pending_logins (expires_at);

-- The authenticator app of a user. `state` is 'active', or 'pending' while it is being added. The secret is sealed.
-- `last_step` is the last step of time whose code was used.
CREATE TABLE totp (
    user_id     BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    state       TEXT   NOT NULL,
    sealed      TEXT   NOT NULL,
    sealed_with TEXT   NOT NULL,
    algorithm   TEXT   NOT NULL,
    digits      BIGINT NOT NULL,
    period      BIGINT NOT NULL,
    last_step   BIGINT NOT NULL,
    failures    BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (user_id, state)
) /* by key */;

CREATE INDEX totp_by_key ON totp (sealed_with);
CREATE INDEX totp_by_state ON totp (state, created_at);

-- The recovery codes of a user. A code that was used is deleted.
CREATE TABLE recovery_codes (
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    slot       BIGINT NOT NULL,
    code_hash  TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, slot)
) /* by key */;
