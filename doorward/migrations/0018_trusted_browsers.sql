-- The browsers that a user trusts: a log-in there needs no second step until `trusted_until`. `trust_id` is the number that
-- the user sees, and `user_agent` the name of the browser when it was trusted.
ALTER TABLE devices ADD COLUMN trusted_until BIGINT;
ALTER TABLE devices ADD COLUMN trusted_at BIGINT;
ALTER TABLE devices ADD COLUMN trust_id BIGINT;
ALTER TABLE devices ADD COLUMN user_agent TEXT;

-- The log-in that begins an authenticator app, if it is not a session: the hash of its token.
ALTER TABLE totp ADD COLUMN begun_by TEXT NOT NULL DEFAULT '';
