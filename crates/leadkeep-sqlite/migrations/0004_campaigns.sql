-- What campaigns have to do, for whom, and what they could not do.
INSERT INTO sequence VALUES ('run', 1), ('task', 1);

-- What imported rows say about the tokens of a campaign's next run.
CREATE TABLE row_token (
    campaign_id INTEGER NOT NULL,
    lead_id INTEGER NOT NULL,
    tokens TEXT NOT NULL,
    PRIMARY KEY (campaign_id, lead_id)
) WITHOUT ROWID;
CREATE INDEX row_token_lead ON row_token (lead_id);

-- Runs of batch campaigns over their lists.
CREATE TABLE campaign_run (
    id INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    tokens TEXT NOT NULL,
    cloned INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    position INTEGER NOT NULL,
    ended_at INTEGER
);
CREATE INDEX campaign_run_due ON campaign_run (run_at, id) WHERE ended_at IS NULL;
CREATE INDEX campaign_run_campaign ON campaign_run (campaign_id, run_at);
CREATE INDEX campaign_run_cloned ON campaign_run (accepted_at) WHERE cloned = 1;

-- Leads on their way through the steps of a campaign; those whose step failed for good wait for somebody.
CREATE TABLE campaign_task (
    id INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL,
    lead_id INTEGER NOT NULL,
    step INTEGER NOT NULL,
    only_step INTEGER NOT NULL,
    call_tokens TEXT NOT NULL,
    row_tokens TEXT NOT NULL,
    depth INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    failure TEXT,
    since INTEGER NOT NULL
);
CREATE INDEX campaign_task_due ON campaign_task (due_at, id) WHERE failure IS NULL;
CREATE INDEX campaign_task_failed ON campaign_task (id) WHERE failure IS NOT NULL;
CREATE INDEX campaign_task_lead ON campaign_task (lead_id);
