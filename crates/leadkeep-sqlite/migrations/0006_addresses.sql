-- Addresses come in no order, so that an index of them is written at all its places. They are found by their hashes
-- instead, which are shorter, and in three levels: a new one goes to the first, and from level to level hashes move on
-- in stretches, many to one page.
CREATE TABLE address_new (hash INTEGER NOT NULL, lead_id INTEGER NOT NULL, PRIMARY KEY (hash, lead_id)) WITHOUT ROWID;
CREATE TABLE address_recent (hash INTEGER NOT NULL, lead_id INTEGER NOT NULL, PRIMARY KEY (hash, lead_id)) WITHOUT ROWID;
CREATE TABLE address (hash INTEGER NOT NULL, lead_id INTEGER NOT NULL, PRIMARY KEY (hash, lead_id)) WITHOUT ROWID;
INSERT INTO address SELECT address_hash(email), id FROM lead WHERE email IS NOT NULL ORDER BY 1, 2;
DROP INDEX lead_email;
ALTER TABLE lead DROP COLUMN email_lower;
