"""How the parts of an answer are put into words that an immunologist reads without knowing the graph."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from queries.explanation.answer import EvidenceItem, Node, Path, Step
from queries.page.blocks import GLUE

__all__ = [
    "ARROW",
    "STANCE",
    "STATE",
    "asked_for",
    "chain",
    "condition",
    "context",
    "cost_terms",
    "count",
    "design",
    "direction",
    "listed",
    "name",
    "phase",
    "share",
    "state",
    "step_words",
    "story",
]  # fmt: skip

ARROW: Final = {1: "→", -1: "⊣"}
STATE: Final = {1: "↑", -1: "↓"}
STANCE: Final = {"supports": "for", "refutes": "against", "null": "no effect"}
_DIRECTION: Final = {1: "up", -1: "down", 0: "not known"}
_PHASE: Final = {"before": "before the drug", "on": "on the drug", "off": "off the drug", "on_again": "on the drug again"}
_OPERATORS: Final = {">=": "≥", "<=": "≤", "!=": "≠"}
_UNITS: Final = {"a": "years", "mo": "months", "wk": "weeks", "d": "days", "h": "hours", "uL": "µL"}
_CONDITION = re.compile(
    r"(?P<variable>.+?) (?P<operator>>=|<=|!=|=|>|<) (?P<value>.+?)(?: (?P<unit>[^ ]*[\[\]{}/%][^ ]*|a|mo|wk|d|h|kg))?"
)
_TIME = re.compile(r"([0-9]) (a|mo|wk|d|h)\b")
_MOLECULES: Final = frozenset({"Gene", "GeneFamily", "MacromolecularComplex"})
_DOING: Final = ("activity", "signaling")
_CURIE = re.compile(r"(?P<prefix>[A-Za-z][A-Za-z0-9_.]*):(?P<local>[A-Za-z0-9_.-]+)")


def name(node: Node) -> str:
    """Return the name of an entity; one that the graph does not describe is named by its catalogue, never as a CURIE.

    >>> name(Node("HGNC:6015", "IL4R", "Gene")), name(Node("HGNC:6015", "HGNC:6015", ""))
    ('IL4R', 'entry 6015 of HGNC')
    >>> name(Node("ikg:il4r-antibody", "ikg:il4r-antibody", ""))
    'il4r antibody'
    """
    found = _CURIE.fullmatch(node.name) if node.name == node.id or not node.name else None
    if not found:
        return node.name or "(unnamed)"
    if found["prefix"] == "ikg":
        return found["local"].replace("-", " ").replace("_", " ")
    return f"entry {found['local']} of {found['prefix']}"


def state(node: Node, up: int) -> str:
    """Return an entity with its direction, as in a chain: "IL4 ↓"."""
    return f"{name(node)}{GLUE}{STATE[up]}"


def direction(sign: int) -> str:
    """Return "up", "down" or "not known"."""
    return _DIRECTION[sign]


def chain(path: Path) -> str:
    """Return a mechanism as one line of signs: "dupilumab ⊣ IL4 ↓ → JAK1 ↓"."""
    return name(path.steps[0].subject) + "".join(
        f" {ARROW[step.sign]}{GLUE}{state(step.object, step.state)}" for step in path.steps
    )


def story(path: Path) -> list[str]:
    """Return the steps of a mechanism in words, from cause to effect: "→ less IL4R activity", "→ more anagen".

    What blocks a receptor or a cytokine leaves as much of it as there was: less is what it does, and that is said.
    """
    return [f"→{GLUE}{'more' if step.state > 0 else 'less'} {name(step.object)}{_moved(step)}" for step in path.steps]


def _moved(step: Step) -> str:
    """Return what of a molecule a step moves, " activity" or " signaling"; "" where it is the thing itself."""
    if step.object.category not in _MOLECULES:
        return ""
    return next((f" {word}" for word in _DOING if word in step.label.split() and word not in name(step.object).split()), "")


def count(number: int, one: str, several: str = "") -> str:
    """Return a number with its noun: "1 study", "3 studies".

    >>> count(1, "study", "studies"), count(2, "mechanism")
    ('1 study', '2 mechanisms')
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def share(part: float) -> str:
    r"""Return a share of one as a percentage: "62 %", "< 1 %" when there is any.

    >>> share(0.624), share(0.001), share(0)
    ('62\xa0%', '<\xa01\xa0%', '0\xa0%')
    """
    return f"<{GLUE}1{GLUE}%" if 0 < part < 0.01 else f"{round(100 * part)}{GLUE}%"


def condition(text: str) -> str:
    """Return a condition as a reader writes it.

    >>> condition("baseline serum total IgE >= 200 [IU]/mL"), condition("atopic = false"), condition("age <= 18 a")
    ('baseline serum total IgE ≥ 200 IU/mL', 'not atopic', 'age ≤ 18 years')
    >>> condition("IL4 increased in alopecia universalis (if atopic = false)"), condition("seen 6 to 157 wk after the start")
    ('IL4 increased in alopecia universalis (if not atopic)', 'seen 6 to 157 weeks after the start')
    """
    label, _, inner = text.strip().removesuffix(")").partition(" (")
    if inner and text.strip().endswith(")"):
        lead = "if " if inner.startswith("if ") else ""
        return f"{condition(label)} ({lead}{condition(inner.removeprefix('if '))})"
    found = _CONDITION.fullmatch(text.strip())
    if not found:
        return _TIME.sub(lambda time: f"{time[1]} {_UNITS[time[2]]}", text)
    variable, operator, value = found["variable"], found["operator"], found["value"]
    if operator == "=" and value in ("true", "false"):
        return variable if value == "true" else f"not {variable}"
    limit = f"{value} {_unit(found['unit'])}".strip()
    return f"{variable}: {limit}" if operator == "=" else f"{variable} {_OPERATORS.get(operator, operator)} {limit}"


def _unit(ucum: str | None) -> str:
    """Return a UCUM unit in the usual spelling: "[IU]/mL" is IU/mL, "{score}" is not said again."""
    text = re.sub(r"\{[^{}]*\}", "", ucum or "").replace("[", "").replace("]", "")
    return "/".join(_UNITS.get(part, part) for part in text.split("/"))


def context(places: dict[str, tuple[str, ...]]) -> str:
    """Return where something holds, every place once: "CD8-positive T cell, mouse"."""
    return ", ".join(dict.fromkeys(place for names in places.values() for place in names))


def asked_for(asked: dict[str, str]) -> list[str]:
    """Return where and in whom a question is asked: "species: human".

    >>> asked_for({"taxon": "human", "cell": "CD8-positive T cell"})
    ['species: human', 'cell: CD8-positive T cell']
    """
    return [f"{'species' if key == 'taxon' else key}: {value}" for key, value in asked.items()]


def design(key: str) -> str:
    """Return a study design in words; one that the table lacks is printed as it is written.

    >>> design("in_vitro"), design("in_silico")
    ('cell culture or cell-free experiment', 'in silico')
    """
    from ontologies.designs import designs

    known = designs()
    return known[key].label if key in known else key.replace("_", " ")


def phase(item: EvidenceItem) -> str:
    """Return in which phase of a treatment something was seen, or ""."""
    return _PHASE.get(item.phase, item.phase)


def cost_terms(terms: dict[str, float]) -> str:
    """Return the parts of a cost as a sum: "evidence 0.63 + parsimony 1.00"; parts that are nothing are left out."""
    return " + ".join(f"{term}{GLUE}{value:.2f}" for term, value in terms.items() if round(value, 2))


def step_words(step: Step) -> str:
    """Return a step as a clause: "IL4 decreases expression of TNF"."""
    return f"{name(step.subject)} {step.label} {name(step.object)}"


def listed(words: Iterable[str], *, last: str = "and") -> str:
    """Return words as a list in running text: "a, b and c".

    >>> listed(["IL4", "IL13", "IL31"])
    'IL4, IL13 and IL31'
    """
    several = list(words)
    return f" {last} ".join([", ".join(several[:-1]), several[-1]]) if len(several) > 1 else "".join(several)
