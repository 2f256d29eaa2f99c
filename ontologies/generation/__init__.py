"""Everything that is made from the tables: Turtle, SHACL shapes, JSON-LD context, Python constants, documentation page.

`artefacts` returns the text of each file by its path from the root of the repository. ``python -m ontologies.generate``
writes them, ``--check`` compares; a test proves that the committed files are these.

>>> sorted(artefacts())[0]
'docs/relations.md'
"""

from __future__ import annotations

__all__ = ["artefacts"]


def artefacts() -> dict[str, str]:
    """Return the text of every generated file by its path (with ``/``) from the root of the repository."""
    from ontologies.generation.constants import constants_text
    from ontologies.generation.context import context_text
    from ontologies.generation.pages import relations_page
    from ontologies.generation.shapes import shapes_text
    from ontologies.generation.vocabulary_ttl import vocabulary_text

    return {
        "docs/relations.md": relations_page(),
        "ontologies/context.jsonld": context_text(),
        "ontologies/immunokg.ttl": vocabulary_text(),
        "ontologies/relation_names.py": constants_text(),
        "ontologies/shapes.ttl": shapes_text(),
    }
