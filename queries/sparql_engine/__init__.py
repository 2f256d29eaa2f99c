"""SPARQL, answered by a process of its own that can be stopped: guard, worker, terms, result forms.

>>> from queries.sparql_engine.guard import check_query
>>> check_query("SELECT ?drug { ?drug ikg:decreases_activity_of HGNC:6015 }")
"""

__all__: list[str] = []
