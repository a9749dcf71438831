"""The index of all buckets."""

from __future__ import annotations

__all__ = ["SCHEMA"]

# `data` comes last, so that SQLite need not go through it for what stands before it.
SCHEMA = (
    """
    CREATE TABLE r2_object (
        id INTEGER PRIMARY KEY,
        bucket TEXT NOT NULL,
        key TEXT NOT NULL,
        version TEXT NOT NULL,
        size INTEGER NOT NULL,
        etag TEXT NOT NULL,
        uploaded_ms INTEGER NOT NULL,
        checksums TEXT NOT NULL,
        http_metadata TEXT NOT NULL,
        custom_metadata TEXT NOT NULL,
        storage_class TEXT NOT NULL,
        ssec_key_md5 TEXT,
        pieces TEXT,
        data BLOB,
        UNIQUE (bucket, key)
    ) STRICT;
    CREATE TABLE r2_blob (
        sha256 TEXT PRIMARY KEY,
        uses INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX r2_unused ON r2_blob (sha256) WHERE uses = 0;
    CREATE TABLE r2_upload (
        id TEXT PRIMARY KEY,
        bucket TEXT NOT NULL,
        key TEXT NOT NULL,
        http_metadata TEXT NOT NULL,
        custom_metadata TEXT NOT NULL,
        storage_class TEXT NOT NULL,
        ssec_key_md5 TEXT,
        open INTEGER NOT NULL DEFAULT 1
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE r2_part (
        upload TEXT NOT NULL REFERENCES r2_upload,
        number INTEGER NOT NULL,
        etag TEXT NOT NULL,
        md5 TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        PRIMARY KEY (upload, number)
    ) STRICT, WITHOUT ROWID
    """,
)
