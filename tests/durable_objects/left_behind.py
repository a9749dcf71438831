"""What a process leaves behind."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

__all__ = ["left_behind"]


def left_behind(directory: Path) -> Path:
    """What a process that dies now leaves behind of a directory whose files it has locked."""
    copy = tempfile.mkdtemp(dir=directory.parent)
    return Path(shutil.copytree(directory, copy, dirs_exist_ok=True))
