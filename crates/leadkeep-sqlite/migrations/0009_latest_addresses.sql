-- Calls with one lead bring some addresses to a commit, each of which would stand on another page of the first level. They
-- go to this one before it, which has hardly more than one page.
CREATE TABLE address_latest (hash INTEGER NOT NULL, lead_id INTEGER NOT NULL, PRIMARY KEY (hash, lead_id)) WITHOUT ROWID;
