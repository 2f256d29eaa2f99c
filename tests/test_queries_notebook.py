"""What an answer and its parts show at the prompt and in a notebook, and their rows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ontologies.errors import BadInput
from queries.explanation.answer import Explanation
from tests.explanations import explanation_of
from tests.full_explanations import everything


def test_parts_print_themselves_shortly() -> None:
    """A path is one line, a side two, a merged side its five weightiest steps; none spills its evidence."""
    answer = everything()
    assert repr(answer.benefit.paths[0]) == "<Path cost 2.50: dupilumab ⊣ IL4 ↓ → alopecia areata ↓>"
    assert repr(answer.benefit.paths[2]).endswith("(supposed)>")
    assert repr(answer.harm.paths[0]).endswith("(contexts contradict)>")
    assert repr(answer.benefit).splitlines() == [
        "<Side observed, 3 mechanisms, search stopped>", "  best: <Path cost 2.50: dupilumab ⊣ IL4 ↓ → alopecia areata ↓>",
    ]  # fmt: skip
    first, second, *others = repr(answer.benefit.dag).splitlines()
    assert first == "<Dag of 3 steps to 3 states>"
    assert second == "  100 % dupilumab decreases activity of IL4"
    assert len(others) == 2


def test_reprs_obey_no_name() -> None:
    """A name with terminal codes is printed without them, on its line."""
    answer = everything(lambda text: f"{text}\x1b[2J\n")
    for part in (answer.benefit.paths[0], answer.benefit.dag, answer.benefit):
        assert "\x1b" not in repr(part)
    assert len(repr(answer.benefit.dag).splitlines()) == 4


def test_notebook_gets_every_form() -> None:
    """Plain text is one line; Markdown, HTML with the figure inside, and the figure alone."""
    answer = explanation_of()
    bundle = answer._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/markdown", "text/html", "image/svg+xml"}
    assert bundle["text/plain"] == repr(answer)
    assert bundle["text/markdown"] == answer._repr_markdown_()
    assert bundle["text/html"] == answer._repr_html_()
    assert "<svg" in bundle["text/html"]
    assert "<html" not in bundle["text/html"]
    assert bundle["image/svg+xml"].startswith("<?xml")


def test_notebook_gets_what_it_asks_for() -> None:
    """The media types that Jupyter wants or does not want."""
    answer = explanation_of()
    assert set(answer._repr_mimebundle_(include=["text/markdown", "application/pdf"])) == {"text/markdown"}
    assert set(answer._repr_mimebundle_(exclude={"text/html", "image/svg+xml"})) == {"text/plain", "text/markdown"}


def test_answer_without_mechanisms_has_no_figure() -> None:
    """Nothing to draw is no error."""
    assert "image/svg+xml" not in explanation_of((), (), fork="")._repr_mimebundle_()


def test_notebook_needs_no_pygraphviz(repo_root: Path) -> None:
    """Where the drawing library is missing the page comes without the figure."""
    code = (
        "import sys; sys.modules['pygraphviz'] = None\n"
        "from tests.explanations import explanation_of\n"
        "bundle = explanation_of()._repr_mimebundle_()\n"
        "assert 'image/svg+xml' not in bundle and '<svg' not in bundle['text/html'], bundle.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=repo_root, timeout=60)


@pytest.mark.parametrize("answer", [everything(), explanation_of(), explanation_of((), (), fork="")], ids=repr)
@pytest.mark.parametrize("kind", ["paths", "steps", "clinical"])
def test_rows_have_the_same_keys_and_make_a_table(answer: Explanation, kind: str) -> None:
    """One row a mechanism, step or finding; pandas takes them as they are."""
    rows = answer.to_rows(kind)  # type: ignore[arg-type]  # every kind, and a wrong one
    assert len({tuple(row) for row in rows}) <= 1
    table = answer.to_pandas(kind)  # type: ignore[arg-type]  # every kind, and a wrong one
    assert type(table).__module__.startswith("pandas")
    assert len(table) == len(rows)
    assert list(table.columns) == (list(rows[0]) if rows else [])


def test_rows_hold_the_answer() -> None:
    """Ranks, costs, counts and publications are those of the answer."""
    answer = everything()
    paths = answer.to_rows()
    assert [(row["side"], row["rank"], row["cost"]) for row in paths] == [
        ("benefit", 1, 2.5), ("benefit", 2, 3.5), ("benefit", 3, 2.0), ("harm", 1, 4.0),
    ]  # fmt: skip
    assert paths[0]["mechanism"] == "dupilumab ⊣ IL4 ↓ → alopecia areata ↓"
    assert paths[0]["cost_evidence"] == 1.5
    assert [row["stance"] for row in answer.to_rows("clinical")] == ["supports", "supports", "refutes", "null", "supports"]
    assert answer.to_rows("steps")[1]["publications"] == "PMID:2 PMID:102"


def test_unknown_rows_are_refused_with_the_kinds() -> None:
    """The message lists what there is."""
    with pytest.raises(BadInput, match="paths, steps, clinical"):
        everything().to_rows("edges")  # type: ignore[arg-type]  # every kind, and a wrong one
