"""The interactive shell: SPARQL, Cypher and questions of the catalogue, typed at a prompt or piped in (docs/shell.md).

A text is cut into `statements`, of which `session` runs one after the other; what begins with a dot is one of the
`dot_commands`. `completion` says what may stand at a cursor; only `prompting`, `highlighting` and `history` know the library
that edits lines, and are imported when a person sits at a terminal.

>>> from immunokg.shell.statements import is_complete
>>> is_complete("MATCH (d:Drug)", "cypher"), is_complete("MATCH (d:Drug) RETURN d.name", "cypher")
(False, True)
"""

__all__: list[str] = []
