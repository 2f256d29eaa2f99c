"""Questions in, answers out: mechanisms, explanations, free queries, subgraphs, figures and exports.

The main verb is `explain`: the best mechanisms by which a drug may help and by which it may harm, with the evidence for and
against each step. It works on any `kg.graph.Graph`:

>>> from kg.graph import Graph
>>> from kg.model import Assertion, Entity, Evidence, Publication, Statement
>>> drug, gene = Entity("DRUGBANK:DB12159", "dupilumab", "Drug"), Entity("HGNC:6015", "IL4R", "Gene")
>>> disease = Entity("MONDO:0004980", "atopic dermatitis", "Disease")
>>> def fact(subject, relation, object, paper):
...     return Assertion(Statement(subject, relation, object), Evidence("supports", Publication(paper), paper, "in_vitro"))
>>> g = Graph.from_records([drug, gene, disease,
...     fact("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015", "PMID:1"),
...     fact("HGNC:6015", "contributes_to", "MONDO:0004980", "PMID:2")])
>>> answer = explain(g, "DRUGBANK:DB12159", "MONDO:0004980")
>>> answer.benefit.status, [step.object.name for step in answer.benefit.paths[0].steps], answer.harm.status
('predicted', ['IL4R', 'atopic dermatitis'], 'none')
"""

from queries.explanation.answer import Explanation, Path, Side, Step
from queries.explanation.explain import explain
from queries.page import to_markdown, to_text

__all__ = ["Explanation", "Path", "Side", "Step", "explain", "to_markdown", "to_text"]
