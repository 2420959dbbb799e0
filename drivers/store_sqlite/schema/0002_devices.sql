-- Servery 0002: who has seen an alert; what the open ones are found by.
ALTER TABLE alerts ADD COLUMN acknowledged_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN acknowledged_by TEXT;
ALTER TABLE alerts ADD COLUMN acknowledged_kind TEXT; -- with the id, the actor of the wire contract
ALTER TABLE alerts ADD COLUMN acknowledged_id INTEGER;
-- alerts.cleared_at -1: a row kept ready, never raised yet. Its id can be told while the card is full.
CREATE INDEX print_jobs_by_state ON print_jobs (state) WHERE state = 'failed';
CREATE INDEX print_jobs_doubtful ON print_jobs (id) WHERE doubtful = 1;
