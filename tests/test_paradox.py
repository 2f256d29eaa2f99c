"""Drugs that help some and harm others: both signs found where both were seen, none invented where one was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path as File
from typing import Any

import pytest
import yaml

from kg.graph import Graph
from loaders.curated import load_corpus
from ontologies.designs import design
from ontologies.vocabulary import relation
from queries.explanation.answer import ClinicalFinding, Explanation, Path, Side, SideName, Step
from queries.explanation.clinical import in_patients
from queries.explanation.explain import explain
from queries.page import to_text
from queries.state_graph import broader_terms

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load((File(__file__).parent / "cases" / "paradox.yaml").read_text("utf-8"))
BOTH, ONE = CASES["both_sides"], CASES["one_sided"]
SIDES: tuple[SideName, SideName] = ("benefit", "harm")


def _name(case: dict[str, Any]) -> str:
    return f"{case['drug']} - {case['condition']}"


@cache
def _corpus() -> Graph:
    return Graph.from_records(load_corpus())


@cache
def _ids() -> dict[str, str]:
    return {entity.name: entity.curie for entity in _corpus().entities.values()}


@cache
def _ask(drug: str, condition: str) -> Explanation:
    return explain(_corpus(), _ids()[drug], _ids()[condition])


def _side(answer: Explanation, name: SideName) -> Side:
    return answer.benefit if name == "benefit" else answer.harm


def _support(answer: Explanation, name: SideName) -> list[ClinicalFinding]:
    """The findings that count as an observation of the side: in patients, on the drug or its class, for it."""
    return [
        finding
        for finding in answer.clinical
        if finding.side == name
        and finding.evidence.stance == "supports"
        and finding.design_weight > 0
        and in_patients(finding)
        and not finding.note.startswith("in combination")
    ]


def _passes(path: Path, states: Sequence[str]) -> bool:
    """Tell whether a path goes through "entity up|down" states in this order and ends in the last."""
    found = [f"{step.object.name} {'up' if step.state > 0 else 'down'}" for step in path.steps]
    rest = iter(found)
    return found[-1] == states[-1] and all(state in rest for state in states)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("case", BOTH, ids=_name)
def test_both_signs_are_observed(case: dict[str, Any], side: SideName) -> None:
    """Each side rests on clinical studies, the named ones among them, and says so."""
    answer = _ask(case["drug"], case["condition"])
    support = _support(answer, side)
    assert _side(answer, side).status == "observed"
    assert _side(answer, side).sentence.startswith("Observed in ")
    assert case[side]["publications"]
    assert set(case[side]["publications"]) <= {finding.evidence.publication for finding in support}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("case", BOTH, ids=_name)
def test_both_signs_have_their_mechanism(case: dict[str, Any], side: SideName) -> None:
    """The mechanisms that the literature names are among those found: on evidence, in contexts that go together.

    Where authors only suppose one (`supposed`), it is found as a supposition and nothing else is made up.
    """
    paths = _side(_ask(case["drug"], case["condition"]), side).paths
    coherent = [path for path in paths if not path.hypothesis and not path.clashes]
    assert case[side].get("mechanisms") or case[side]["supposed"]
    for states in case[side].get("mechanisms", ()):
        assert any(_passes(path, states) for path in coherent), states
    for states in case[side].get("supposed", ()):
        assert not coherent
        assert any(_passes(path, states) for path in paths if path.hypothesis), states


def test_a_shared_kinase_under_no_stated_ligand_comes_after_paths_whose_contexts_agree() -> None:
    """What JAK1 does in the disease is not known to be done under IL-4: below every path that needs no such leap, and marked."""
    paths = [path for path in explain(_corpus(), _ids()["dupilumab"], _ids()["alopecia areata"], k=500, max_steps=3).benefit.paths
             if not path.hypothesis and not path.clashes]  # fmt: skip
    leaps = [rank for rank, path in enumerate(paths) if "under no stated ligand after it" in path.goal]
    through = [r for r, path in enumerate(paths) if _passes(path, ["IL4 down", "JAK1 down", "alopecia areata down"])]
    assert through
    assert set(through) <= set(leaps)
    assert leaps == list(range(len(paths) - len(leaps), len(paths)))


def test_no_path_turns_round_what_the_drug_itself_does() -> None:
    """What blocks a receptor and its ligands does not act by more of them."""
    for drug, condition in (("dupilumab", "cutaneous T-cell lymphoma"), ("dupilumab", "psoriasis"), ("infliximab", "psoriasis")):
        answer = _ask(drug, condition)
        for path in (*answer.benefit.paths, *answer.harm.paths):
            blocked = {"dupilumab": {"IL4R", "IL4", "IL13"}, "infliximab": {"TNF"}}[drug]
            assert not [step.object.name for step in path.steps if step.object.name in blocked and step.state > 0]


@pytest.mark.parametrize("case", ONE, ids=_name)
def test_the_sign_that_was_seen_is_observed(case: dict[str, Any]) -> None:
    """The known side of a one-sided pair has its studies; a pair without one has studies that looked in vain."""
    answer = _ask(case["drug"], case["condition"])
    if case["observed"]:
        assert _side(answer, case["observed"]).status == "observed"
        assert set(case["publications"]) <= {f.evidence.publication for f in _support(answer, case["observed"])}
    else:
        assert "looked and found none or the opposite" in _side(answer, case["never_observed"]).sentence


@pytest.mark.parametrize("case", ONE, ids=_name)
def test_the_other_sign_is_not_invented(case: dict[str, Any]) -> None:
    """The side that nobody saw is never observed, is not worded as a fact, and the page says no more than that."""
    answer = _ask(case["drug"], case["condition"])
    side = _side(answer, case["never_observed"])
    assert side.status in ("predicted", "hypothesised", "none")
    assert side.sentence.startswith(
        ("Predicted only: no clinical study", "Hypothesised only:", "Nothing in this graph:", "Not known:")
    )
    assert not _support(answer, case["never_observed"])
    assert side.sentence in " ".join(to_text(answer, width=10_000).split())


def _pairs() -> list[tuple[str, str]]:
    """Every drug and condition of the shipped graph that a signed clinical statement joins."""
    graph = _corpus()
    signed = {
        (claim.subject, claim.object)
        for claim in graph.claims
        if relation(claim.relation).tier == "clinical"
        and relation(claim.relation).sign
        and not claim.relation.startswith("observed_to")
    }
    return sorted((graph.name(drug), graph.name(condition)) for drug, condition in signed)


def _answers() -> Iterator[Explanation]:
    for drug, condition in _pairs():
        yield _ask(drug, condition)


def test_there_are_enough_cases() -> None:
    """Twelve pairs with both signs and ten with one, each asked of things the graph knows."""
    assert len([case for case in BOTH if all("mechanisms" in case[side] for side in SIDES)]) >= 11
    assert len(ONE) >= 10
    assert {case[key] for case in (*BOTH, *ONE) for key in ("drug", "condition")} <= set(_ids())
    assert len(_pairs()) > 100


def test_observed_means_a_study_that_supports() -> None:
    """Over all pairs: a side is observed if and only if a clinical study of the drug or its class supports it."""
    for answer in _answers():
        for name in SIDES:
            side = _side(answer, name)
            assert (side.status == "observed") == bool(_support(answer, name)), (answer, name)
            assert (side.status == "observed") == side.sentence.startswith("Observed"), (answer, name)


def test_a_direct_study_is_never_missed() -> None:
    """Read off the graph itself: a study of the drug in the very condition that supports a sign makes that side observed."""
    graph = _corpus()
    for sid, statement in graph.statements.items():
        word = relation(statement.relation)
        if word.tier != "clinical" or not word.sign or word.name.startswith("observed_to"):
            continue
        entity = graph.entities[statement.object]
        if entity.valence == "good" or statement.relation == "more_effective_than":
            continue
        weighed = [
            e for e in graph.evidence[sid]
            if e.stance == "supports" and design(e.design).kind not in ("hypothesis", "experimental")
        ]
        if weighed:
            answer = _ask(graph.name(statement.subject), entity.name)
            assert _side(answer, "benefit" if word.sign < 0 else "harm").status == "observed", (answer, statement)


def _contexts(step: Step, key: str) -> list[frozenset[str]]:
    """Where the supported statements of a step hold, in one dimension; an empty set says anywhere."""
    ids = _ids()
    return [frozenset(ids[name] for name in s.context.get(key, ())) for s in step.statements if s.support]


@cache
def _broader() -> Mapping[str, frozenset[str]]:
    return broader_terms(_corpus())


def _exclude(first: Step, second: Step, key: str) -> bool:
    """Tell whether no context of one step goes with one of the next: both stated, none shared, none within the other."""
    wider = _broader()

    def related(one: str, other: str) -> bool:
        return one == other or other in wider.get(one, ()) or one in wider.get(other, ())

    return all(
        a and b and not any(related(x, y) for x in a for y in b) for a in _contexts(first, key) for b in _contexts(second, key)
    )


def test_contradictions_come_last_and_are_marked() -> None:
    """Over all pairs: a path that joins contradicting contexts stands after every coherent one, and the page marks it."""
    marked = 0
    for answer in _answers():
        for name in SIDES:
            firm = [path for path in _side(answer, name).paths if not path.hypothesis]
            assert [bool(path.clashes) for path in firm] == sorted(bool(path.clashes) for path in firm), (answer, name)
            for path in firm:
                marked += bool(path.clashes)
                for first, second in pairwise(path.steps):
                    if "Cytokine" in _corpus().entities[first.object.id].roles:
                        continue  # a secreted messenger may carry an effect from one cell to another
                    if _exclude(first, second, "ligand") or _exclude(first, second, "cell"):
                        assert path.clashes, (answer, name, path.steps)
    assert marked > 20


def test_the_page_marks_contradictions() -> None:
    """Each contradiction of a listed mechanism is written out where the mechanism stands."""
    answer = _ask("tralokinumab", "atopic dermatitis")
    page = " ".join(to_text(answer, width=10_000).split())
    assert answer.harm.paths[0].clashes
    for path in answer.harm.paths:
        for clash in path.clashes:
            assert clash in page
    assert "contexts contradict" in page


@pytest.mark.parametrize("case", [*BOTH, *ONE], ids=_name)
def test_the_page_of_the_set_is_current(case: dict[str, Any], repo_root: File) -> None:
    """docs/paradox.md has a section or a row for every case, and cites every publication that the case demands."""
    page = " ".join((repo_root / "docs" / "paradox.md").read_text("utf-8").split())
    one_sided = "never_observed" in case
    assert (
        f"| {case['drug']} | {case['condition']} |" in page if one_sided else f"### {case['drug']} in {case['condition']}" in page
    )
    demanded = case["publications"] if one_sided else [key for side in SIDES for key in case[side]["publications"]]
    for key in demanded:
        prefix, _, local = key.partition(":")
        assert {"PMID": f"[PMID {local}]", "DOI": f"[doi {local}]"}.get(prefix, f"[{local}]") in page
