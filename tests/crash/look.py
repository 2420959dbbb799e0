# SPDX-License-Identifier: MIT
"""Looks into a restaurant's data file beside the server: look.py FILE SINCE [--check]. Prints one JSON object."""
import json
import sqlite3
import sys


def runs_without_gaps(rows):
    """[(group, number)] in order: the groups whose numbers are not 1, 2, 3 ..."""
    seen, bad = {}, []
    for group, number in rows:
        seen[group] = seen.get(group, 0) + 1
        if number != seen[group] and group not in bad:
            bad.append(group)
    return bad


def main():
    path, since = sys.argv[1], int(sys.argv[2])
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
    db.execute("BEGIN")
    ask = lambda sql, *values: db.execute(sql, values).fetchall()
    answer = {
        "events": [{"seq": seq, "frame": frame} for seq, frame in ask("SELECT seq, frame FROM events WHERE seq > ? ORDER BY seq", since)],
        "first_and_count": ask("SELECT COALESCE(MIN(seq), 1), COUNT(*), COALESCE(MAX(seq), 0) FROM events")[0],
        "bad_order_days": runs_without_gaps(ask("SELECT day, number FROM orders ORDER BY day, number")),
        "bad_kot_runs": runs_without_gaps(
            [(f"{s} {d}", n) for s, d, n in ask("SELECT station, day, kot_number FROM tickets ORDER BY station, day, kot_number")]),
        "notes": dict(ask("SELECT note, COUNT(*) FROM orders WHERE note LIKE 'key %' GROUP BY note")),
        "item_notes": dict(ask("SELECT note, COUNT(*) FROM order_items WHERE note LIKE 'key %' AND split_of IS NULL GROUP BY note")),
        "orders": ask("SELECT COUNT(*) FROM orders")[0][0],
        "orphans": ask("SELECT COUNT(*) FROM order_items WHERE order_id NOT IN (SELECT id FROM orders)")[0][0]
        + ask("SELECT COUNT(*) FROM tickets WHERE order_id NOT IN (SELECT id FROM orders)")[0][0]
        + ask("SELECT COUNT(*) FROM order_items WHERE item_status NOT IN ('held', 'voided') AND ticket_id IS NULL")[0][0],
    }
    if "--check" in sys.argv:
        answer["integrity"] = [row[0] for row in ask("PRAGMA integrity_check")]
        answer["foreign"] = len(ask("PRAGMA foreign_key_check"))
    json.dump(answer, sys.stdout)


main()
