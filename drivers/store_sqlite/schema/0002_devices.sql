-- Servery 0002: who has seen an alert; what the open ones are found by.
ALTER TABLE alerts ADD COLUMN acknowledged_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN acknowledged_by TEXT;
CREATE INDEX print_jobs_by_state ON print_jobs (state) WHERE state = 'failed';
