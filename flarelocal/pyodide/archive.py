"""Unpacking archives that were fetched."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import NamedTemporaryFile

__all__ = ["unpack"]


def unpack(data: bytes, name: str, format: str | None, directory: str | None) -> None:
    """Unpack an archive into a directory, by default the working directory.

    Args:
        name: the name of the file, which tells the format where `format` does not.
        format: a format that `shutil` knows, or an ending of its files.

    Raises:
        ValueError: nobody knows the format, or neither it nor the name is given.
    """
    known = _format(format) if format else None
    if not (known or name):
        raise ValueError("At least one of filename and format must be provided")
    target = Path(directory or ".")
    target.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(suffix=name) as file:
        file.write(data)
        file.flush()
        shutil.unpack_archive(file.name, target, known)


def _format(wanted: str) -> str:
    for name, endings, _ in shutil.get_unpack_formats():
        if wanted == name or wanted in endings or f".{wanted}" in endings:
            return name
    raise ValueError(f"Unrecognized format {wanted}")
