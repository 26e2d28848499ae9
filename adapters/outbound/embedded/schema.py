"""The tables beside the configuration. `docs/storage.md` tells who reads and writes them."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS batch_log (
    device_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    identity TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    count INTEGER NOT NULL,
    applied INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (device_id, kind, identity)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS intake_queue (
    id INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    identity TEXT NOT NULL,
    block BLOB NOT NULL,
    count INTEGER NOT NULL,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    received_ms INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS blocks (
    account_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    day_ms INTEGER NOT NULL,
    identity TEXT NOT NULL,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    count INTEGER NOT NULL,
    block BLOB NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS blocks_by_day ON blocks (device_id, kind, day_ms, identity);

CREATE TABLE IF NOT EXISTS unmerged_days (
    device_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    day_ms INTEGER NOT NULL,
    small INTEGER NOT NULL,
    PRIMARY KEY (device_id, kind, day_ms)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS day_summaries (
    account_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    day TEXT NOT NULL,
    version TEXT NOT NULL,
    numbers BLOB NOT NULL,
    PRIMARY KEY (account_id, person_id, day)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS histories (
    device_id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    silence_due_ms INTEGER,
    body BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS histories_by_silence ON histories (silence_due_ms)
    WHERE silence_due_ms IS NOT NULL;

CREATE TABLE IF NOT EXISTS alerts (
    account_id TEXT NOT NULL,
    id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    state TEXT NOT NULL,
    cleared_at_ms INTEGER,
    body BLOB NOT NULL,
    PRIMARY KEY (account_id, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS quarantine (
    account_id TEXT NOT NULL,
    id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (account_id, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS quarantine_of_device ON quarantine (device_id, id);

CREATE TABLE IF NOT EXISTS job_queue (
    id INTEGER PRIMARY KEY,
    due_ms INTEGER NOT NULL,
    account_id TEXT NOT NULL,
    job_id TEXT NOT NULL
);
"""
