-- A log-in that waits for a mail. `email` is the address that was typed. The user is known when the mail is sent: until
-- then `user_id` is NULL, so an address without an account looks the same. `secret_hash` is that of the link in the mail,
-- and `next` the address that the log-in leads to.
ALTER TABLE pending_logins ADD COLUMN email TEXT;
ALTER TABLE pending_logins ADD COLUMN secret_hash BYTEA;
ALTER TABLE pending_logins ADD COLUMN next TEXT;

CREATE UNIQUE INDEX pending_logins_by_secret ON pending_logins (secret_hash);
