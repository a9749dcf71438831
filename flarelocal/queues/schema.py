"""The tables of the queues."""

from __future__ import annotations

__all__ = ["SCHEMA"]

# A message with due = 0 is ready, and those are delivered in the order of their turns. Else it
# waits for that time: it was delayed, or it is leased to somebody who pulled it.
# `attempts` counts the deliveries that have ended; one without an end was never reported.
# A delivery has the attempts and the results of its messages as JSON, by their numbers; one number
# instead of attempts is that of all messages from the lowest to the highest.
SCHEMA = (
    """
    CREATE TABLE queue (
        name TEXT PRIMARY KEY,
        created INTEGER NOT NULL,
        modified INTEGER NOT NULL,
        delivery_delay INTEGER NOT NULL,
        retention INTEGER NOT NULL,
        paused INTEGER NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE message (
        number INTEGER PRIMARY KEY,
        queue TEXT NOT NULL,
        salt INTEGER NOT NULL,
        timestamp INTEGER NOT NULL,
        expires INTEGER NOT NULL,
        due INTEGER NOT NULL,
        turn INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        lease INTEGER NOT NULL,
        origin TEXT,
        content_type TEXT NOT NULL,
        body BLOB NOT NULL
    );
    CREATE INDEX message_by_turn ON message (queue, due, turn);
    CREATE INDEX message_by_expiry ON message (expires);
    CREATE INDEX message_by_origin ON message (origin) WHERE origin IS NOT NULL;

    CREATE TABLE delivery (
        number INTEGER PRIMARY KEY,
        queue TEXT NOT NULL,
        started INTEGER NOT NULL,
        ended INTEGER,
        outcome TEXT,
        error TEXT,
        lowest INTEGER NOT NULL,
        highest INTEGER NOT NULL,
        attempts TEXT NOT NULL,
        results TEXT NOT NULL
    );
    """,
    # The settings of a pull consumer as JSON; those of Workers are in their configurations.
    "ALTER TABLE queue ADD COLUMN pull TEXT",
    # What the handler printed: pairs of level and text as JSON.
    "ALTER TABLE delivery ADD COLUMN logs TEXT",
)
