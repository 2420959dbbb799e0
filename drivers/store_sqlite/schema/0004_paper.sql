-- Servery 0004: paper. How each printer prints, what it gets from which station, and a ledger for more than tickets.
CREATE TABLE printers (
    device_id INTEGER PRIMARY KEY REFERENCES devices(id),
    format TEXT NOT NULL DEFAULT 'escpos', -- escpos, impact, star, pdf
    language TEXT NOT NULL DEFAULT 'en', -- of the words that the box puts on a ticket
    copies INTEGER NOT NULL DEFAULT 1 CHECK (copies BETWEEN 1 AND 9),
    large INTEGER NOT NULL DEFAULT 0, per_item INTEGER NOT NULL DEFAULT 0, buzzer INTEGER NOT NULL DEFAULT 0,
    bills INTEGER NOT NULL DEFAULT 0,
    backup_id INTEGER REFERENCES devices(id), backup_after_s INTEGER NOT NULL DEFAULT 60,
    stale_after_s INTEGER NOT NULL DEFAULT 1200, -- older tickets are asked about before they are printed; 0: never
    roll_mm INTEGER NOT NULL DEFAULT 0, -- what a new roll holds; 0: not known yet
    used_mm INTEGER NOT NULL DEFAULT 0, used_tickets INTEGER NOT NULL DEFAULT 0, -- since the cover was last opened
    answers INTEGER NOT NULL DEFAULT 0 -- it has confirmed a ticket: from then on its silence is a trouble
) STRICT;

-- The tickets that a printer gets. Station '' is every one that has no row of its own.
CREATE TABLE printer_stations (
    device_id INTEGER NOT NULL REFERENCES devices(id), station TEXT NOT NULL,
    kinds INTEGER NOT NULL DEFAULT 31, -- a bit a kind: 1 new, 2 add_on, 4 void, 8 move, 16 recall
    PRIMARY KEY (device_id, station)
) STRICT, WITHOUT ROWID;

INSERT INTO printers (device_id) SELECT id FROM devices WHERE kind = 'printer';
INSERT INTO printer_stations (device_id, station) SELECT id, COALESCE(station, '') FROM devices WHERE kind = 'printer';

ALTER TABLE tickets ADD COLUMN moved_from TEXT; -- of a move ticket: the table that the guests left

-- The print ledger. States: queued sending sent confirmed failed; rerouted (a row at the backup printer took over), held
-- (too old: people are asked), discarded (people said no).
CREATE TABLE new_print_jobs (
    id INTEGER PRIMARY KEY, uuid TEXT NOT NULL, device_id INTEGER NOT NULL REFERENCES devices(id),
    slip TEXT NOT NULL DEFAULT 'ticket', -- ticket, test, claim, summary, bill
    ticket_id INTEGER REFERENCES tickets(id), order_id INTEGER REFERENCES orders(id), -- of a ticket; of a bill
    body TEXT, -- JSON: what a claim slip says
    line INTEGER, -- of the ticket's lines, where a printer gives each its own; NULL: all
    state TEXT NOT NULL DEFAULT 'queued', attempts INTEGER NOT NULL DEFAULT 0, next_try_at INTEGER NOT NULL DEFAULT 0,
    external_id TEXT, doubtful INTEGER NOT NULL DEFAULT 0, copy INTEGER NOT NULL DEFAULT 0, copy_by TEXT,
    released INTEGER NOT NULL DEFAULT 0, -- was held, and people said yes
    from_device_id INTEGER REFERENCES devices(id), -- a backup printer's: whose it was
    length_mm INTEGER NOT NULL DEFAULT 0, proof TEXT, detail TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
INSERT INTO new_print_jobs (id, uuid, device_id, ticket_id, state, attempts, next_try_at, external_id, doubtful, copy, copy_by,
    proof, detail, created_at, updated_at)
SELECT id, uuid, device_id, ticket_id, state, attempts, next_try_at, external_id, doubtful, copy, copy_by, proof, detail,
    created_at, updated_at FROM print_jobs;
DROP TABLE print_jobs;
ALTER TABLE new_print_jobs RENAME TO print_jobs;
CREATE INDEX print_jobs_open ON print_jobs (device_id, id) WHERE state IN ('queued', 'sending', 'sent');
CREATE INDEX print_jobs_held ON print_jobs (device_id, id) WHERE state = 'held';
CREATE INDEX print_jobs_by_ticket ON print_jobs (ticket_id);
CREATE INDEX print_jobs_by_state ON print_jobs (state) WHERE state IN ('failed', 'rerouted', 'held', 'discarded');
CREATE INDEX print_jobs_doubtful ON print_jobs (id) WHERE doubtful = 1;
