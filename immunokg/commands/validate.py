"""``immunokg validate``: the graph against its shapes and rules."""

from __future__ import annotations

import click

from immunokg.console import Session
from immunokg.options import TABLE_FORMATS, shared_options

__all__ = ["command"]


@click.command("validate")
@click.option("--no-shapes", is_flag=True, help="Our own rules alone, without the SHACL shapes.")
@shared_options(*TABLE_FORMATS)
def command(session: Session, no_shapes: bool) -> int:
    """Check the graph: its files, the SHACL shapes of its RDF form, and our own rules.

    Every statement has evidence with a publication, a registered trial or a database record and its release; no `treats`
    rests on a case report; identifiers fit their patterns; relation, sign, stance and polarity agree; a finding that says
    "no" or "not" refutes or has a named waiver. Prints what is wrong; exits with 1 if anything is.

    \b
    Examples:
      immunokg validate
      immunokg validate --graph mine.ikg --format json
    """
    from immunokg.tables import render_rows

    opened = session.open_graph()
    with session.progress("checking"):
        findings = opened.validate(shapes=not no_shapes)
    columns = ("rule", "where", "record", "problem", "fix", "statement")
    rows = [(f.rule, f.where, f.record, f.problem, f.fix, f.statement) for f in findings]
    if rows or session.format != "text":
        session.write_lines(render_rows(columns, rows, session.format))
    session.say(f"{len(opened)} statements checked: {len(findings) or 'no'} {'fault' if len(findings) == 1 else 'faults'} found")
    return 1 if findings else 0
