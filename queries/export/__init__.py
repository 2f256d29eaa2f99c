"""A graph, or a part of it, written for other programs: GraphML, Turtle, N-Quads, CSV for Neo4j's import, pictures.

Every writer takes a `kg.graph.Graph`, so that the whole graph, a subgraph and an explanation's part are written alike; it
writes beside the target and renames, so that a reader sees the old file or the new one, never half.
"""

from queries.export.atomic import atomic_directory, atomic_file
from queries.export.formats import FORMATS, PICTURES, format_of, graph_pieces, write_graph
from queries.export.graphml import graphml_lines
from queries.export.neo4j_csv import read_neo4j_csv, write_neo4j_csv

__all__ = [
    "FORMATS",
    "PICTURES",
    "atomic_directory",
    "atomic_file",
    "format_of",
    "graph_pieces",
    "graphml_lines",
    "read_neo4j_csv",
    "write_graph",
    "write_neo4j_csv",
]
