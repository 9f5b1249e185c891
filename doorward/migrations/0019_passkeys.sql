-- The passkeys of users (W3C WebAuthn Level 3). `credential_id` is unique among all users. `retired` is 1 if the passkey was
-- made for a domain that is not the one of the settings any more. `discoverable` is NULL if the client did not say.
-- `regressed` is 1 after its count of signatures did not grow.
CREATE TABLE passkeys (
    id              BIGINT PRIMARY KEY,
    user_id         BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential_id   BYTEA  NOT NULL,
    public_key      BYTEA  NOT NULL,
    user_handle     BYTEA  NOT NULL,
    rp_id           TEXT   NOT NULL,
    retired         BIGINT NOT NULL,
    sign_count      BIGINT NOT NULL,
    aaguid          BYTEA  NOT NULL,
    transports      TEXT   NOT NULL,
    backup_eligible BIGINT NOT NULL,
    backed_up       BIGINT NOT NULL,
    discoverable    BIGINT,
    regressed       BIGINT NOT NULL,
    name            TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    last_used_at    BIGINT
);

CREATE UNIQUE INDEX passkeys_by_credential ON passkeys (credential_id);
CREATE INDEX passkeys_by_user ON passkeys (user_id);
CREATE INDEX passkeys_by_domain ON passkeys (retired, rp_id);

-- The questions that browsers were asked and have not answered yet, as hashes. `bound_to` names the session or the log-in
-- that asked. A row is deleted before its answer is checked, so each answer counts once.
CREATE TABLE passkey_challenges (
    hash       BYTEA  PRIMARY KEY,
    purpose    TEXT   NOT NULL,
    bound_to   BYTEA  NOT NULL,
    expires_at BIGINT NOT NULL
) /* by key */;

CREATE INDEX passkey_challenges_by_expiry ON passkey_challenges (expires_at);

-- The passkey that a session began with.
ALTER TABLE sessions ADD COLUMN passkey_id BIGINT;
