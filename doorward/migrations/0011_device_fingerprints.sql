-- A program that sends no token of its own is recognised by a fingerprint. The rows before this migration have it in the
-- place of the token.
ALTER TABLE devices ADD COLUMN fingerprint BYTEA;
UPDATE devices SET fingerprint = token_hash WHERE kind = 'program';
