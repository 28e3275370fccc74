-- Imports into lists: jobs that survive whatever happens to the server.
INSERT INTO sequence VALUES ('import', 1);

CREATE TABLE import (
    id INTEGER PRIMARY KEY,
    list_id INTEGER NOT NULL,
    plan TEXT NOT NULL,
    state TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    rows INTEGER NOT NULL,
    imported INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    ignored INTEGER NOT NULL,
    summary TEXT
);
CREATE INDEX import_list ON import (list_id);
CREATE INDEX import_open ON import (list_id, id) WHERE state = 'PROCESSING';

-- Rows that are still to be done.
CREATE TABLE import_row (
    import_id INTEGER NOT NULL,
    row INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (import_id, row)
) WITHOUT ROWID;

-- Rows that failed, and why.
CREATE TABLE import_failure (
    import_id INTEGER NOT NULL,
    row INTEGER NOT NULL,
    text TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (import_id, row)
) WITHOUT ROWID;

-- Members who leave when the import that clears their list is done, unless it names them.
ALTER TABLE list_member ADD COLUMN leaving INTEGER NOT NULL DEFAULT 0;
CREATE INDEX list_member_leaving ON list_member (list_id, lead_id) WHERE leaving = 1;
