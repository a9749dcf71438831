"""Compares with V8 where there is one."""

from __future__ import annotations

import shutil

collect_ignore = [] if shutil.which("node") else ["test_against_v8.py"]
