"""A graph in a Neo4j database: written there, compared, and read back.

>>> from queries.cypher_engine.server import ServerSettings
>>> settings = ServerSettings("bolt://localhost:7687", "neo4j", "secret")
>>> def push_and_read(graph):
...     for line in push_graph(settings, graph, prune=True).lines():
...         print(line)
...     assert read_graph(settings) == graph
"""

from queries.server.push import push_graph
from queries.server.read_back import read_graph
from queries.server.report import Progress, PushReport

__all__ = ["Progress", "PushReport", "push_graph", "read_graph"]
