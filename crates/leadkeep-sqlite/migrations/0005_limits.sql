-- The calls of API users, as far as limits need them.
CREATE TABLE call_usage (
    user_id TEXT PRIMARY KEY,
    day TEXT NOT NULL,
    calls INTEGER NOT NULL,
    recent TEXT NOT NULL
) WITHOUT ROWID;
