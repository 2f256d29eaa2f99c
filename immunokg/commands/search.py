"""``immunokg search TEXT``: names, synonyms and CURIEs to entities, typos allowed."""

from __future__ import annotations

import click

from immunokg.console import Session
from immunokg.options import TABLE_FORMATS, shared_options

__all__ = ["command"]


@click.command("search")
@click.argument("text")
@click.option("--category", metavar="NAME", help="Only entities of this category, such as Drug, Gene or Disease.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Rows at most.")
@shared_options(*TABLE_FORMATS)
def command(session: Session, text: str, category: str | None, limit: int) -> int:
    """Find the entities that TEXT names: by name, synonym or CURIE, best match first.

    Exits with 1 when nothing is near.

    \b
    Examples:
      immunokg search Dupixent
      immunokg search "IL-4Ra" --category Gene
      immunokg search MONDO:0005340 --format json
    """
    from immunokg.tables import render_rows

    hits = session.open_graph().search(text, category=category, limit=limit)
    columns = ("curie", "name", "category", "matched", "how", "score", "statements")
    rows = [(h.curie, h.name, h.category, h.matched, h.how, h.score, h.statements) for h in hits]
    if not rows:
        session.say(f"nothing is called {text!r} or spelled like it")
        if session.format in ("json", "jsonl"):
            session.write_lines(render_rows(columns, rows, session.format))
        return 1
    session.write_lines(render_rows(columns, rows, session.format, width=session.width if session.color else 0))
    return 0
