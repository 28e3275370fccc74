-- Times are whole seconds since 1970-01-01 UTC. Attributes are JSON objects of strings in their canonical form.

CREATE TABLE schema_version (version INTEGER NOT NULL);
INSERT INTO schema_version VALUES (1);

-- The next id of each entity; ids are never given twice.
CREATE TABLE sequence (name TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO sequence VALUES
    ('lead', 1), ('company', 1), ('opportunity', 1), ('role', 1), ('program', 1001), ('cost', 1), ('list', 1001),
    ('campaign', 1001), ('workspace', 1), ('partition', 1), ('object_type', 1), ('record', 1),
    ('activity', 1), ('attached', 1);

-- What administrators define, each as JSON.
CREATE TABLE definition (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    body TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;

CREATE TABLE company (id INTEGER PRIMARY KEY, key TEXT, attrs TEXT NOT NULL);
CREATE UNIQUE INDEX company_key ON company (key) WHERE key IS NOT NULL;

CREATE TABLE lead (
    id INTEGER PRIMARY KEY,
    email TEXT,
    email_lower TEXT,
    attrs TEXT NOT NULL,
    company_id INTEGER NOT NULL,
    partition_id INTEGER NOT NULL,
    anonymous INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE INDEX lead_email ON lead (email_lower) WHERE email_lower IS NOT NULL;
CREATE INDEX lead_updated ON lead (updated_at) WHERE anonymous = 0;
CREATE INDEX lead_company ON lead (company_id);

CREATE TABLE foreign_id (
    value TEXT NOT NULL,
    system TEXT NOT NULL,
    lead_id INTEGER NOT NULL,
    attached INTEGER NOT NULL,
    PRIMARY KEY (value, system)
) WITHOUT ROWID;
CREATE INDEX foreign_id_lead ON foreign_id (lead_id, attached);

CREATE TABLE lead_cookie (cookie TEXT PRIMARY KEY, lead_id INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX lead_cookie_lead ON lead_cookie (lead_id);

CREATE TABLE merged_lead (loser INTEGER PRIMARY KEY, winner INTEGER NOT NULL);

CREATE TABLE activity (
    id INTEGER PRIMARY KEY,
    lead_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    type INTEGER NOT NULL,
    asset TEXT,
    attributes TEXT NOT NULL,
    campaign TEXT
);
CREATE INDEX activity_lead ON activity (lead_id, at);

CREATE TABLE opportunity (
    id INTEGER PRIMARY KEY,
    company_id INTEGER,
    attrs TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE INDEX opportunity_company ON opportunity (company_id) WHERE company_id IS NOT NULL;

CREATE TABLE role (
    id INTEGER PRIMARY KEY,
    opportunity_id INTEGER NOT NULL,
    lead_id INTEGER NOT NULL,
    name_lower TEXT NOT NULL,
    attrs TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX role_key ON role (opportunity_id, lead_id, name_lower);
CREATE INDEX role_lead ON role (lead_id);

CREATE TABLE program (
    id INTEGER PRIMARY KEY,
    name_lower TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
);

CREATE TABLE program_cost (
    id INTEGER PRIMARY KEY,
    program_id INTEGER NOT NULL,
    month TEXT NOT NULL,
    amount TEXT NOT NULL,
    note TEXT
);
CREATE INDEX program_cost_program ON program_cost (program_id);

CREATE TABLE static_list (id INTEGER PRIMARY KEY, name TEXT NOT NULL, program_id INTEGER);

CREATE TABLE record (
    id INTEGER PRIMARY KEY,
    object_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    attrs TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX record_key ON record (object_id, key);

CREATE TABLE record_lookup (
    object_id INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    PRIMARY KEY (object_id, field, value, record_id)
) WITHOUT ROWID;
CREATE INDEX record_lookup_record ON record_lookup (record_id);

-- For people: one row a lead with all its values, `attrs ->> 'Company'` included.
CREATE VIEW leads AS
SELECT
    lead.id,
    lead.email,
    (SELECT value FROM foreign_id WHERE lead_id = lead.id ORDER BY attached DESC LIMIT 1) AS foreign_id,
    json_patch(company.attrs, lead.attrs) AS attrs,
    lead.company_id,
    lead.anonymous,
    datetime(lead.created_at, 'unixepoch') AS created_at,
    datetime(lead.updated_at, 'unixepoch') AS updated_at
FROM lead JOIN company ON company.id = lead.company_id;
