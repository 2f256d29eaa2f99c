"""``immunokg stats``: what the graph holds, counted."""

from __future__ import annotations

import click

from immunokg.console import Session
from immunokg.options import shared_options

__all__ = ["command"]


@click.command("stats")
@shared_options("text", "json")
def command(session: Session) -> int:
    """Count entities by category, statements by relation and tier, and evidence by stance, study design and source.

    \b
    Examples:
      immunokg stats
      immunokg stats --format json
    """
    from immunokg.tables import render_rows

    counts = session.open_graph().stats()
    if session.format == "json":
        import json

        session.write(json.dumps(counts, ensure_ascii=False, indent=2))
        return 0
    session.write_lines(render_rows(("what", "number"), counts["totals"].items(), "text"))
    for title, table in counts.items():
        if title != "totals" and isinstance(table, dict):
            session.write(f"\n{title.replace('_', ' ')}")
            session.write_lines(f"  {number:>6}  {name}" for name, number in table.items())
    return 0
