"""Cypher, answered without a server by an engine in a process of its own, or by a Neo4j server: guard, values, answers, engines.

>>> from queries.cypher_engine.guard import check_cypher
>>> check_cypher("MATCH (d:Drug)-[:DECREASES_ACTIVITY_OF]->(t) RETURN d.name, t.name")
"""

__all__: list[str] = []
