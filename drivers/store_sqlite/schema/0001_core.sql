-- Servery 0001: the spine. Money in minor units, times in milliseconds since 1970 UTC, durations as their names say.
-- Status columns hold the words of the wire contract. Rows that people may ask about are never deleted.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE stations (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, position INTEGER NOT NULL,
    amber_s INTEGER NOT NULL DEFAULT 480, red_s INTEGER NOT NULL DEFAULT 900,
    bell_line TEXT -- "GPIO17"; NULL: a lamp on the page only
) STRICT;

CREATE TABLE tax_rates (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, basis_points INTEGER NOT NULL CHECK (basis_points BETWEEN 0 AND 10000)
) STRICT;

CREATE TABLE categories (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, position INTEGER NOT NULL, station TEXT REFERENCES stations(name)
) STRICT;

CREATE TABLE menu_items (
    id INTEGER PRIMARY KEY, category_id INTEGER NOT NULL REFERENCES categories(id), name TEXT NOT NULL, kitchen_name TEXT,
    price INTEGER NOT NULL CHECK (price >= 0), tax_rate_id INTEGER REFERENCES tax_rates(id),
    station TEXT REFERENCES stations(name), available INTEGER NOT NULL DEFAULT 1, course INTEGER NOT NULL DEFAULT 1,
    prep_min INTEGER NOT NULL DEFAULT 10, position INTEGER NOT NULL, retired INTEGER NOT NULL DEFAULT 0,
    UNIQUE (category_id, name)
) STRICT;

CREATE TABLE modifier_groups (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, min INTEGER NOT NULL, max INTEGER NOT NULL, retired INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE modifiers (
    id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL REFERENCES modifier_groups(id), name TEXT NOT NULL,
    price INTEGER NOT NULL, available INTEGER NOT NULL DEFAULT 1, position INTEGER NOT NULL, retired INTEGER NOT NULL DEFAULT 0,
    UNIQUE (group_id, name)
) STRICT;

CREATE TABLE item_groups (
    item_id INTEGER NOT NULL REFERENCES menu_items(id), group_id INTEGER NOT NULL REFERENCES modifier_groups(id),
    position INTEGER NOT NULL, PRIMARY KEY (item_id, group_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tables (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, area TEXT NOT NULL, seats INTEGER NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL,
    shape TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'free', session_id INTEGER, opened_at INTEGER NOT NULL DEFAULT 0,
    last_activity_at INTEGER NOT NULL DEFAULT 0, guests INTEGER NOT NULL DEFAULT 0, last_session_id INTEGER,
    version INTEGER NOT NULL DEFAULT 1, retired INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE table_sessions (
    id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL REFERENCES tables(id), guests INTEGER NOT NULL,
    opened_at INTEGER NOT NULL, closed_at INTEGER
) STRICT;

CREATE TABLE orders (
    id INTEGER PRIMARY KEY, day INTEGER NOT NULL, number INTEGER NOT NULL, -- business day, 20261120, and its running number
    order_type TEXT NOT NULL, table_id INTEGER REFERENCES tables(id), table_name TEXT, session_id INTEGER REFERENCES table_sessions(id),
    guests INTEGER, customer_name TEXT, customer_phone TEXT, order_status TEXT NOT NULL, payment_status TEXT NOT NULL DEFAULT 'pending',
    payment_method TEXT, priority TEXT NOT NULL, source TEXT NOT NULL, note TEXT NOT NULL, currency TEXT NOT NULL,
    tax_inclusive INTEGER NOT NULL, subtotal INTEGER NOT NULL, discount INTEGER NOT NULL DEFAULT 0,
    service_charge INTEGER NOT NULL DEFAULT 0, tax INTEGER NOT NULL, total_price INTEGER NOT NULL, estimated_time INTEGER NOT NULL,
    created_at INTEGER NOT NULL, client_created_at INTEGER NOT NULL DEFAULT 0, updated_at INTEGER NOT NULL,
    ready_at INTEGER NOT NULL DEFAULT 0, -- first time the whole order was ready
    actor_kind TEXT NOT NULL, actor_id INTEGER, actor_name TEXT, version INTEGER NOT NULL, UNIQUE (day, number)
) STRICT;
CREATE INDEX orders_active ON orders (id) WHERE order_status IN ('held', 'pending', 'preparing', 'ready');
CREATE INDEX orders_by_session ON orders (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX orders_by_table ON orders (table_id) WHERE table_id IS NOT NULL;

CREATE TABLE tickets (
    id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id), station TEXT NOT NULL, day INTEGER NOT NULL,
    kot_number INTEGER NOT NULL, kind TEXT NOT NULL, ticket_status TEXT NOT NULL,
    lines TEXT NOT NULL, -- JSON as on the wire; what the ticket says never changes
    created_at INTEGER NOT NULL, rings INTEGER NOT NULL, -- 1: the bell calls for it until touched_at or a status past pending
    prints INTEGER NOT NULL, painted_at INTEGER NOT NULL DEFAULT 0, touched_at INTEGER NOT NULL DEFAULT 0,
    UNIQUE (station, day, kot_number)
) STRICT;
CREATE INDEX tickets_by_order ON tickets (order_id);
CREATE INDEX tickets_open ON tickets (station, id) WHERE ticket_status IN ('pending', 'preparing', 'ready');
CREATE INDEX tickets_ringing ON tickets (station) WHERE rings = 1;

CREATE TABLE order_items (
    id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id), menu_item_id INTEGER, name TEXT NOT NULL,
    kitchen_name TEXT, quantity INTEGER NOT NULL CHECK (quantity > 0), unit_price INTEGER NOT NULL,
    modifiers TEXT NOT NULL, modifiers_price INTEGER NOT NULL, -- JSON as on the wire, and the sum of its prices
    note TEXT NOT NULL, seat INTEGER, course INTEGER NOT NULL, station TEXT NOT NULL, item_status TEXT NOT NULL,
    ticket_id INTEGER REFERENCES tickets(id), tax_basis_points INTEGER NOT NULL, open_item INTEGER NOT NULL DEFAULT 0,
    reason TEXT, -- of a void
    split_of INTEGER REFERENCES order_items(id)
) STRICT;
CREATE INDEX items_by_order ON order_items (order_id);

-- The log: outbox, audit trail, resume point. `frame` is the event as every client gets it (before redaction).
CREATE TABLE events (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, topic TEXT NOT NULL,
    route TEXT NOT NULL, -- who sees it under filters, see hub/event.h
    frame TEXT NOT NULL
) STRICT;

CREATE TABLE idempotency (
    operation TEXT NOT NULL, key TEXT NOT NULL, content BLOB NOT NULL, -- hash of the canonical content
    at INTEGER NOT NULL, status INTEGER NOT NULL,
    event_seq INTEGER, body_offset INTEGER, body_length INTEGER, -- the answer is that part of that event's frame
    body TEXT, -- or this
    PRIMARY KEY (operation, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (at);

CREATE TABLE staff (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, pin_hash BLOB NOT NULL, active INTEGER NOT NULL DEFAULT 1
) STRICT;

-- API tokens, staff sessions and paired screens: one kind of row, told apart by `kind`.
CREATE TABLE credentials (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('token', 'session', 'device')), hash BLOB NOT NULL UNIQUE,
    role TEXT NOT NULL, name TEXT NOT NULL, staff_id INTEGER REFERENCES staff(id), created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL DEFAULT 0, -- 0 = never
    last_used_at INTEGER NOT NULL DEFAULT 0, revoked INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Screens, printers, bells and the box itself, as the devices page shows them.
CREATE TABLE devices (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, station TEXT, state TEXT NOT NULL, detail TEXT NOT NULL,
    fix TEXT NOT NULL, since INTEGER NOT NULL, lit INTEGER NOT NULL DEFAULT 0,
    driver TEXT NOT NULL DEFAULT '', address TEXT NOT NULL DEFAULT '', width INTEGER NOT NULL DEFAULT 576,
    retired INTEGER NOT NULL DEFAULT 0, UNIQUE (kind, name)
) STRICT;

CREATE TABLE alerts (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL, severity TEXT NOT NULL, device_id INTEGER REFERENCES devices(id),
    order_id INTEGER REFERENCES orders(id), detail TEXT NOT NULL, fix TEXT NOT NULL, since INTEGER NOT NULL,
    cleared_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX alerts_open ON alerts (code) WHERE cleared_at = 0;

-- The print ledger: one row a ticket and destination. States: queued sending sent confirmed failed doubtful.
CREATE TABLE print_jobs (
    id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, ticket_id INTEGER NOT NULL REFERENCES tickets(id),
    device_id INTEGER NOT NULL REFERENCES devices(id), state TEXT NOT NULL DEFAULT 'queued', attempts INTEGER NOT NULL DEFAULT 0,
    next_try_at INTEGER NOT NULL DEFAULT 0, external_id TEXT, doubtful INTEGER NOT NULL DEFAULT 0,
    copy INTEGER NOT NULL DEFAULT 0, copy_by TEXT, proof TEXT, detail TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX print_jobs_open ON print_jobs (device_id, id) WHERE state IN ('queued', 'sending', 'sent');
CREATE INDEX print_jobs_by_ticket ON print_jobs (ticket_id);
