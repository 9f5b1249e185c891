-- The provider of OAuth 2.1 and OpenID Connect: apps on other hosts that people log in to here.

-- The keys outside the database that have sealed secrets in it, each with a text that shows whether it is still the same.
CREATE TABLE sealing_keys (
    key_id     TEXT   PRIMARY KEY,
    proof      TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

-- The keys that sign ID tokens. The private ones are sealed. The first key of an algorithm has the number 1.
CREATE TABLE signing_keys (
    kid         TEXT   PRIMARY KEY,
    algorithm   TEXT   NOT NULL,
    number      BIGINT NOT NULL,
    sealed      TEXT   NOT NULL,
    sealed_with TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    signs_from  BIGINT NOT NULL,
    signs_until BIGINT NOT NULL,
    gone_at     BIGINT NOT NULL
);

CREATE UNIQUE INDEX signing_keys_by_number ON signing_keys (algorithm, number);
CREATE INDEX signing_keys_by_end ON signing_keys (gone_at);

-- The apps. Lists are JSON; scopes are sorted and separated by spaces.
CREATE TABLE oauth_clients (
    id               TEXT   PRIMARY KEY,
    name             TEXT   NOT NULL,
    origin           TEXT   NOT NULL,
    confidential     BIGINT NOT NULL,
    first_party      BIGINT NOT NULL,
    redirect_uris    TEXT   NOT NULL,
    post_logout_uris TEXT   NOT NULL,
    scopes           TEXT   NOT NULL,
    resources        TEXT   NOT NULL,
    id_token_alg     TEXT   NOT NULL,
    created_at       BIGINT NOT NULL,
    disabled_at      BIGINT
);

CREATE INDEX oauth_clients_by_origin ON oauth_clients (origin, id);

-- A client may have two secrets at once, so that one can be replaced while the other still works.
CREATE TABLE oauth_client_secrets (
    secret_hash BYTEA  PRIMARY KEY,
    client_id   TEXT   NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT
) /* by key */;

CREATE INDEX oauth_client_secrets_by_client ON oauth_client_secrets (client_id, created_at);

-- What a user allows a client. A greater generation ends all codes and tokens of a smaller one.
CREATE TABLE grants (
    id         BIGINT PRIMARY KEY,
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id  TEXT   NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
    scopes     TEXT   NOT NULL,
    generation BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX grants_by_user ON grants (user_id, client_id);
CREATE INDEX grants_by_client ON grants (client_id);

-- Authorization codes. The tokens that come of one code have its family.
CREATE TABLE codes (
    code_hash    BYTEA  PRIMARY KEY,
    grant_id     BIGINT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    generation   BIGINT NOT NULL,
    family       BIGINT NOT NULL,
    session_id   BIGINT NOT NULL,
    redirect_uri TEXT   NOT NULL,
    scopes       TEXT   NOT NULL,
    resource     TEXT,
    nonce        TEXT,
    challenge    TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    used_at      BIGINT
) /* by key */;

CREATE INDEX codes_by_grant ON codes (grant_id);
CREATE INDEX codes_by_expiry ON codes (expires_at);

-- The tokens with which clients act for a user. `outlives` is 1 for a token that a plain log-out leaves.
CREATE TABLE access_tokens (
    token_hash BYTEA  PRIMARY KEY,
    grant_id   BIGINT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    generation BIGINT NOT NULL,
    family     BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    outlives   BIGINT NOT NULL,
    scopes     TEXT   NOT NULL,
    resource   TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) /* by key */;

CREATE INDEX access_tokens_by_grant ON access_tokens (grant_id, family);
CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at);
