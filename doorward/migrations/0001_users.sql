CREATE TABLE users (
    id                BIGINT PRIMARY KEY,
    email             TEXT   NOT NULL,
    email_key         TEXT   NOT NULL UNIQUE,
    email_verified_at BIGINT,
    disabled_at       BIGINT,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL
);
