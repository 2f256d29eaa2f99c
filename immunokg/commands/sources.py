"""``immunokg sources``: what can be loaded, and what it is."""

from __future__ import annotations

import click

from immunokg.console import Session
from immunokg.options import TABLE_FORMATS, shared_options

__all__ = ["command"]


@click.command("sources")
@shared_options(*TABLE_FORMATS, graph=False)
def command(session: Session) -> int:
    """List the sources that `immunokg load` and `immunokg build --from` read, with release and licence.

    \b
    Examples:
      immunokg sources
      immunokg sources --format json
    """
    from immunokg.building import source_infos
    from immunokg.tables import render_rows

    rows = [(i.name, i.title, i.release, i.licence, i.reads, i.homepage) for i in source_infos()]
    columns = ("name", "title", "release", "licence", "reads", "homepage")
    session.write_lines(render_rows(columns, rows, session.format))
    return 0
