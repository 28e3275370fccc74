-- A history is read type by type, so that a page with a filter costs no more than one without, however long it is.
DROP INDEX activity_lead;
CREATE INDEX activity_lead ON activity (lead_id, type, at);

-- The latest time of all activities, and by how many seconds one was ever earlier than another with a lower id.
CREATE TABLE activity_times (latest INTEGER NOT NULL, lateness INTEGER NOT NULL);
INSERT INTO activity_times
SELECT
    coalesce(max(at), 0),
    coalesce(max(highest - at), 0)
FROM (SELECT at, max(at) OVER (ORDER BY id) AS highest FROM activity);

CREATE TABLE list_member (
    list_id INTEGER NOT NULL,
    lead_id INTEGER NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (list_id, lead_id)
) WITHOUT ROWID;
CREATE INDEX list_member_lead ON list_member (lead_id);

-- A cookie is its token and, where it came with one, the account that it belongs to. Nothing was kept here before.
DROP TABLE lead_cookie;
CREATE TABLE lead_cookie (
    token TEXT NOT NULL,
    account TEXT NOT NULL,
    lead_id INTEGER NOT NULL,
    PRIMARY KEY (token, account)
) WITHOUT ROWID;
CREATE INDEX lead_cookie_lead ON lead_cookie (lead_id);
