-- The nodes that may answer from memory, for as long as their lease lasts.
CREATE TABLE nodes (
    id    BIGINT PRIMARY KEY,
    -- Another random number at each renewal.
    lease BIGINT NOT NULL
);

-- Whose rows were changed a moment ago: what a node must know of before its lease is renewed.
CREATE TABLE node_changes (
    id    BIGINT PRIMARY KEY,
    owner BIGINT NOT NULL
);
