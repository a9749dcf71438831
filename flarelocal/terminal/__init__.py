"""What people see of a run: the banner, one line per event, errors with their source lines."""

from flarelocal.terminal.terminal import Terminal

__all__ = ["Terminal"]
