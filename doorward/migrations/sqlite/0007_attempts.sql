CREATE TABLE attempts (
    key        BLOB    PRIMARY KEY NOT NULL,
    count      INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    delay      INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX attempts_by_expiry ON attempts (expires_at);
