-- These columns belong to rows with the purpose 'undo_email_change': to the former address of a user.
-- The time since when the account had this address, verified. Rows from before this migration count as long in use.
ALTER TABLE one_time_tokens ADD COLUMN former_since BIGINT NOT NULL DEFAULT 0;
-- The time when a later address of the account proved itself by mail. From then on an undo freezes the account.
ALTER TABLE one_time_tokens ADD COLUMN proved_at BIGINT;
-- The time when the account was frozen. The link does not work any more, and the address stays reserved.
ALTER TABLE one_time_tokens ADD COLUMN frozen_at BIGINT;
