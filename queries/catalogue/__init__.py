"""The catalogue: questions that a researcher asks, each in SPARQL and in Cypher, with the same rows on every engine.

>>> from queries.catalogue import find_questions, question
>>> asked = question("targets_of_drug")
>>> [parameter.name for parameter in asked.parameters], [column.name for column in asked.columns][:3]
(['drug', 'min_support'], ['target', 'target_name', 'category'])

`ask` binds the parameters, runs the text on an engine, and sorts the rows. The engines are `OxigraphAsker`, `RdflibAsker` and
`CypherAsker` (ArcadeDB or a Neo4j server).
"""

from queries.catalogue.ask import QuestionAnswer, ask, check_parameters
from queries.catalogue.askers import Asker, CypherAsker, Fetched, OxigraphAsker, RdflibAsker, StoreAsker
from queries.catalogue.header import CATEGORIES, Column, Header, Parameter, parse_header
from queries.catalogue.question import Question, UnknownQuestion, find_questions, question, questions

__all__ = [
    "CATEGORIES",
    "Asker",
    "Column",
    "CypherAsker",
    "Fetched",
    "Header",
    "OxigraphAsker",
    "Parameter",
    "Question",
    "QuestionAnswer",
    "RdflibAsker",
    "StoreAsker",
    "UnknownQuestion",
    "ask",
    "check_parameters",
    "find_questions",
    "parse_header",
    "question",
    "questions",
]
