"""What `env` and `ctx` hold: the thin JavaScript faces of the engines."""
