-- Addresses that differ in case alone are one address from now on, also beyond ASCII. Keys are rewritten by the program,
-- because SQL does not know the case of all letters. These indexes find the keys that may be old: those in which something is
-- left after the usual letters of ASCII. The oldest user comes first.
CREATE INDEX users_beyond_ascii ON users (created_at, id)
    WHERE ltrim(email_key, 'abcdefghijklmnopqrstuvwxyz0123456789@.-_+') <> '';
CREATE INDEX one_time_tokens_beyond_ascii ON one_time_tokens (asked_at, token_hash)
    WHERE ltrim(sent_to_key, 'abcdefghijklmnopqrstuvwxyz0123456789@.-_+') <> '';

-- Users who keep their old key, because another user has the key that is right.
CREATE TABLE email_clashes (
    user_id    BIGINT PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    folded_key TEXT   NOT NULL
);

CREATE INDEX email_clashes_by_key ON email_clashes (folded_key);
