-- Nodes share a PostgreSQL database. Of a file each process sees by itself whether it has changed; the tables are here
-- so that both databases have the same.
CREATE TABLE nodes (
    id    INTEGER PRIMARY KEY,
    lease INTEGER NOT NULL
) STRICT;

CREATE TABLE node_changes (
    id    INTEGER PRIMARY KEY,
    owner INTEGER NOT NULL
) STRICT;
