-- Refresh tokens: with one of them an app gets new access tokens after the person has left.

-- The tokens that come of one code are a chain. Its id is the family of the access tokens. All that its tokens share
-- stands here. The address and the program are those of the last exchange. A chain without a grant can belong to a
-- session alone.
CREATE TABLE refresh_chains (
    id               BIGINT PRIMARY KEY,
    user_id          BIGINT NOT NULL,
    session_id       BIGINT NOT NULL,
    grant_id         BIGINT REFERENCES grants (id) ON DELETE CASCADE,
    generation       BIGINT,
    scopes           TEXT   NOT NULL,
    resource         TEXT,
    method           TEXT   NOT NULL,
    second_method    TEXT,
    authenticated_at BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    used_at          BIGINT NOT NULL,
    expires_at       BIGINT NOT NULL,
    ip               TEXT,
    user_agent       TEXT
);

CREATE INDEX refresh_chains_by_session ON refresh_chains (user_id, session_id);
CREATE INDEX refresh_chains_by_grant ON refresh_chains (grant_id);
CREATE INDEX refresh_chains_by_expiry ON refresh_chains (expires_at);

-- A token is exchanged once for its successor, which follows from the token itself and the salt. A token without a salt
-- leads to no successor any more.
CREATE TABLE refresh_tokens (
    token_hash             BYTEA  PRIMARY KEY,
    chain_id               BIGINT NOT NULL REFERENCES refresh_chains (id) ON DELETE CASCADE,
    number                 BIGINT NOT NULL,
    salt                   BYTEA,
    exchanged_at           BIGINT,
    successor_exchanged_at BIGINT
) /* by key */;

CREATE INDEX refresh_tokens_by_chain ON refresh_tokens (chain_id, number);
CREATE INDEX refresh_tokens_by_salt ON refresh_tokens (successor_exchanged_at) WHERE salt IS NOT NULL;
