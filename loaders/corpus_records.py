"""One record of the curated corpus: its fields, what each may hold, and the assertion it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from kg.model import (
    CONTEXT_KEYS,
    Assertion,
    Condition,
    Context,
    Effect,
    Entity,
    Evidence,
    Observation,
    Publication,
    Stance,
    Statement,
)
from loaders.corpus_tables import Study
from loaders.words import near_names
from loaders.yaml_fields import YamlFields
from ontologies.designs import designs
from ontologies.polarity import POLARITIES, allowed_polarities, denial
from ontologies.units import check_quantity, check_unit
from ontologies.vocabulary import Relation, relations

__all__ = ["FIELDS", "OPERATORS", "CorpusWords", "canonical", "read_statement"]

FIELDS = (
    "id", "subject", "relation", "object", "stance", "polarity", "context", "conditions", "publication", "study", "recounts",
    "design", "design_detail", "n", "observation", "effect", "knowledge_level", "confidence", "finding", "waiver",
)
"""The fields of a record."""
OPERATORS = ("=", "!=", "<", "<=", ">", ">=")
"""What a condition may compare with."""

_STANCES: Mapping[str, Stance] = {"supports": "supports", "refutes": "refutes", "null": "null"}
_POLARITIES = {word: word for word in POLARITIES}
_LEVELS = {word: word for word in (
    "knowledge_assertion", "statistical_association", "prediction", "observation", "logical_entailment", "not_provided",
)}
_CONFIDENCES = {word: word for word in ("high", "medium", "low")}
_PHASES = {word: word for word in ("before", "on", "off", "on_again")}
_SEXES = {word: word for word in ("female", "male", "both")}
_OPERATORS = {word: word for word in OPERATORS}
_OBSERVATION = ("phase", "dose", "time", "age", "onset_age", "sex", "start", "duration", "arm")
_QUANTITIES = ("time", "age", "onset_age", "duration")
_EFFECT = ("measure", "value", "low", "high", "unit")
_CONDITION = ("variable", "operator", "value", "unit", "group")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?")
_START = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


class CorpusWords:
    """Everything that a record may name: terms by their primary name, publications, studies; and how to file it."""

    def __init__(
        self, terms: Mapping[str, Entity], publications: Mapping[str, Publication], studies: Mapping[str, Study],
        source: str, licence: str,
    ) -> None:
        self.terms = terms
        self.publications = publications
        self.studies = studies
        self.source = source
        self.licence = licence

    @cached_property
    def by_name(self) -> dict[str, str]:
        """The CURIE of every primary name."""
        return {term.name: curie for curie, term in self.terms.items()}

    @cached_property
    def by_synonym(self) -> dict[str, str]:
        """The primary name for every CURIE, synonym and spelling in another case, to help who used one."""
        found: dict[str, str] = {}
        for curie, term in self.terms.items():
            for word in (term.name, curie, *term.synonyms):
                found.setdefault(word.casefold(), term.name)
        return found


def read_statement(fields: YamlFields, words: CorpusWords) -> Assertion | None:
    """Return the assertion that a record makes, or None after reporting everything that is wrong with it."""
    report = fields.report
    before = len(report.faults)
    fields.check_keys(FIELDS)
    subject, object_ = _term(fields, "subject", words), _term(fields, "object", words)
    entry = _relation(fields)
    stance = fields.choice("stance", _STANCES)
    polarity = fields.choice("polarity", _POLARITIES)
    design = fields.choice("design", designs())
    publication = fields.choice("publication", words.publications, fix="add it to publications.tsv")
    study = fields.choice("study", words.studies, fix="add it to studies.tsv")
    level = fields.choice("knowledge_level", _LEVELS) or ""
    finding = fields.text("finding")
    waiver = fields.text("waiver", required=False)
    context, conditions = _context(fields, words), _conditions(fields)
    observation, effect = _observation(fields), _effect(fields)
    n, recounts = fields.whole("n"), fields.flag("recounts")
    confidence = fields.choice("confidence", _CONFIDENCES, required=False) or ""
    if entry and stance and polarity and polarity not in allowed_polarities(entry.name, stance):
        allowed = ", ".join(allowed_polarities(entry.name, stance)) or "nothing"
        fields.fault("polarity", f"{polarity!r} does not go with {entry.name} and stance {stance!r}", f"allowed: {allowed}")
    if entry and subject and object_:
        kinds = words.terms[subject].category, words.terms[object_].category
        if not entry.admits(*kinds):
            fields.fault("relation", f"{entry.name} does not go from {kinds[0]} to {kinds[1]}", "see its domain and range")
        if subject == object_:
            fields.fault("object", "is the subject itself", "name another thing")
    if stance == "supports" and not waiver and (word := denial(finding)):
        fix = "make it refutes or null, or say in 'waiver' why it supports all the same"
        fields.fault("finding", f"says {word!r} but the stance is 'supports'", fix)
    if design and design.kind == "hypothesis" and level not in ("", "prediction"):
        fields.fault("knowledge_level", f"a hypothesis is no {level}", "write prediction")
    if len(report.faults) > before:
        return None
    assert entry is not None
    assert stance is not None
    assert design is not None
    assert publication is not None
    assert study is not None
    return Assertion(
        Statement(subject, entry.name, object_, context, conditions),
        Evidence(
            stance, publication, study.key, design.name, finding=finding, waiver=waiver, recounts=recounts, n=n,
            parent_study=study.parents[0] if study.parents else "", effect=effect, observation=observation,
            design_detail=fields.text("design_detail", required=False), knowledge_level=level, confidence=confidence,
            polarity=polarity or "", source=words.source, record=fields.record_id, licence=words.licence,
        ),
    )


def _relation(fields: YamlFields) -> Relation | None:
    word = fields.text("relation", required=False)
    known = relations()
    meant = [name for name, entry in known.items() if word in entry.facts] if word not in known else []
    return fields.choice("relation", known, fix=f"did you mean {' or '.join(map(repr, meant))}?" if meant else "")


def _term(fields: YamlFields, name: str, words: CorpusWords) -> str:
    text = fields.text(name)
    if not text:
        return ""
    curie = words.by_name.get(text, "")
    if not curie:
        fields.fault(name, f"no term is called {text[:80]!r}", _nearest_term(text, words))
    return curie


def _nearest_term(text: str, words: CorpusWords) -> str:
    other = words.by_synonym.get(text.casefold())
    if other:
        return f"its primary name is {other!r}"
    near = dict.fromkeys(words.by_synonym[word] for word in near_names(text, words.by_synonym))
    return f"did you mean {' or '.join(map(repr, near))}?" if near else "add a row to terms/"


def _context(fields: YamlFields, words: CorpusWords) -> Context:
    given = fields.map("context")
    if given is None:
        return Context()
    given.check_keys(CONTEXT_KEYS)
    parts: dict[str, tuple[str, ...]] = {}
    for key in CONTEXT_KEYS:
        curies = []
        for item in given.texts(key):
            curie = words.by_name.get(item.text.strip(), "")
            if not curie:
                given.fault(key, f"no term is called {item.text[:80]!r}", _nearest_term(item.text.strip(), words), at=item)
            curies.append(curie)
        parts[key] = tuple(curies)
    return Context(**parts)


def _conditions(fields: YamlFields) -> tuple[Condition, ...]:
    found = []
    for given in fields.maps("conditions"):
        given.check_keys(_CONDITION)
        unit = given.text("unit", required=False)
        if unit and (fix := check_unit(unit)):
            given.fault("unit", f"{unit[:40]!r} is no unit", fix)
        operator = given.choice("operator", _OPERATORS) or "="
        value = given.text("value")
        if operator not in ("=", "!=") and value and not _NUMBER.fullmatch(value):
            given.fault("value", f"{value[:40]!r} cannot be compared by {operator}", "write a number")
        variable, group = given.text("variable"), given.text("group", required=False)
        found.append(Condition(variable, operator, canonical(value), "" if unit == "1" else unit, group))
    return tuple(found)


def canonical(value: str) -> str:
    """Return a value as identity takes it: whole numbers without a point, others as Python's shortest float.

    >>> canonical("200"), canonical("200.0"), canonical("0.50"), canonical("moderate to severe")
    ('200', '200', '0.5', 'moderate to severe')
    """
    if not _NUMBER.fullmatch(value):
        return value
    number = float(value)
    return str(int(number)) if number.is_integer() else repr(number)


def _observation(fields: YamlFields) -> Observation:
    given = fields.map("observation")
    if given is None:
        return Observation()
    given.check_keys(_OBSERVATION)
    texts = {name: given.text(name, required=False) for name in _OBSERVATION}
    given.choice("phase", _PHASES, required=False)
    given.choice("sex", _SEXES, required=False)
    for name in _QUANTITIES:
        if texts[name] and (fix := _quantities(texts[name])):
            given.fault(name, f"{texts[name][:40]!r} is no quantity", fix)
    if texts["start"] and not _START.fullmatch(texts["start"]):
        given.fault("start", f"{texts['start'][:40]!r} is no date", "write it like 2017-07")
    return Observation(**texts)


def _quantities(text: str) -> str:
    """Return how to mend a text that is no quantity nor a list of them (``12 wk; 24 wk``)."""
    return next((fix for part in re.split(r"[;,] ?", text) if (fix := check_quantity(part))), "")


def _effect(fields: YamlFields) -> Effect:
    given = fields.map("effect")
    if given is None:
        return Effect()
    given.check_keys(_EFFECT)
    unit = given.text("unit", required=False)
    if unit and (fix := check_unit(unit)):
        given.fault("unit", f"{unit[:40]!r} is no unit", fix)
    low, value, high = given.decimal("low"), given.decimal("value"), given.decimal("high")
    if low is not None and high is not None and low > high:
        given.fault("low", "is above 'high'", "exchange the two")
    elif value is not None and ((low is not None and value < low) or (high is not None and value > high)):
        given.fault("value", "lies outside its interval", "check value, low and high")
    return Effect(given.text("measure"), value, low, high, unit)
