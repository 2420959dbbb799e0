-- Servery 0003: the print ledger without an index on its UUIDs. Nobody looks for one here (the transport does), and a
-- random index makes every order write pages all over the file.
CREATE TABLE new_print_jobs (
    id INTEGER PRIMARY KEY, uuid TEXT NOT NULL, ticket_id INTEGER NOT NULL REFERENCES tickets(id),
    device_id INTEGER NOT NULL REFERENCES devices(id), state TEXT NOT NULL DEFAULT 'queued', attempts INTEGER NOT NULL DEFAULT 0,
    next_try_at INTEGER NOT NULL DEFAULT 0, external_id TEXT, doubtful INTEGER NOT NULL DEFAULT 0,
    copy INTEGER NOT NULL DEFAULT 0, copy_by TEXT, proof TEXT, detail TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
INSERT INTO new_print_jobs (id, uuid, ticket_id, device_id, state, attempts, next_try_at, external_id, doubtful, copy, copy_by,
    proof, detail, created_at, updated_at)
SELECT id, uuid, ticket_id, device_id, state, attempts, next_try_at, external_id, doubtful, copy, copy_by, proof, detail,
    created_at, updated_at FROM print_jobs;
DROP TABLE print_jobs;
ALTER TABLE new_print_jobs RENAME TO print_jobs;
CREATE INDEX print_jobs_open ON print_jobs (device_id, id) WHERE state IN ('queued', 'sending', 'sent');
CREATE INDEX print_jobs_by_ticket ON print_jobs (ticket_id);
CREATE INDEX print_jobs_by_state ON print_jobs (state) WHERE state = 'failed';
CREATE INDEX print_jobs_doubtful ON print_jobs (id) WHERE doubtful = 1;
