-- The nodes that may answer from memory while their lease lasts. Only nodes on PostgreSQL use these two tables: on a
-- SQLite file, each process sees by itself that the file has changed.
CREATE TABLE nodes (
    id    BIGINT PRIMARY KEY,
    -- A new random number at each renewal.
    lease BIGINT NOT NULL
);

-- The owners whose rows were changed a moment ago. A node reads them when it renews its lease.
CREATE TABLE node_changes (
    id    BIGINT PRIMARY KEY,
    owner BIGINT NOT NULL
);
