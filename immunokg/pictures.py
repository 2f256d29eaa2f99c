"""The names of picture files, checked before anything is searched."""

from __future__ import annotations

from pathlib import Path

from ontologies.errors import BadInput

__all__ = ["check_name"]


def check_name(path: Path, form: str = "") -> None:
    """Raise `BadInput` unless the name ends in a suffix that can be drawn (that of `form`, when given).

    >>> check_name(Path("why.svg"))
    """
    from queries.figures import SUFFIXES

    wanted = (f".{form}",) if form else SUFFIXES
    if path.suffix.lower() not in wanted:
        raise BadInput(f"{path}: the name of the figure must end in {' or '.join(wanted)}")
