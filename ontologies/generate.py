"""Write or check the files that are made from the tables: ``python -m ontologies.generate [--check]``.

Files are written beside the package; the documentation page only where the package lies in a checkout.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ontologies.generation import artefacts

__all__ = ["main", "stale"]

ROOT = Path(__file__).resolve().parent.parent


def stale(root: Path = ROOT) -> dict[Path, str]:
    """Return the files under `root` that differ from what the tables say, with the text they should hold."""
    found: dict[Path, str] = {}
    for name, text in artefacts().items():
        path = root / name
        if path.parent.is_dir() and (not path.is_file() or path.read_text(encoding="utf-8") != text):
            found[path] = text
    return found


def main(arguments: list[str] | None = None) -> int:
    """Write the stale files, or with ``--check`` only name them; returns 1 when a check found some, 2 on bad usage."""
    given = sys.argv[1:] if arguments is None else arguments
    if given not in ([], ["--check"]):
        sys.stderr.write("usage: python -m ontologies.generate [--check]\n")
        return 2
    outdated = stale()
    for path, text in outdated.items():
        if given:
            sys.stderr.write(f"{path.relative_to(ROOT)} is stale; run: python -m ontologies.generate\n")
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
            sys.stderr.write(f"wrote {path.relative_to(ROOT)}\n")
    return 1 if given and outdated else 0


if __name__ == "__main__":
    sys.exit(main())
