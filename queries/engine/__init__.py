"""The path search: exact, k best, loopless, signed, on integers; it knows nothing of biology.

>>> table = ArcTable.build(3, tails=[0, 0, 1], heads=[1, 2, 2], signs=[-1, 1, -1], costs=[5, 40, 7])
>>> table.arcs
3
"""

from queries.engine.arcs import UNIT, ArcTable, write_arcs
from queries.engine.query import Automaton, PathQuery

__all__ = ["UNIT", "ArcTable", "Automaton", "PathQuery", "write_arcs"]
