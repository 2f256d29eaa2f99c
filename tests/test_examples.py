"""Every example runs, and says what the README shows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def _run(example: Path, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, str(example), *arguments], cwd=folder, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example_runs(example: Path, tmp_path: Path) -> None:
    """The script runs as its docstring says, from any folder, and prints something."""
    assert len(_run(example, tmp_path).splitlines()) > 2


def test_ranking_leaves_out_what_is_stated(tmp_path: Path) -> None:
    """Before any clinical report, dupilumab is ranked for alopecia areata; today it is listed as stated."""
    script = ROOT / "examples" / "rank_il4r_pathway_drugs.py"
    then = _run(script, tmp_path, "alopecia areata", "2017-12-31").splitlines()
    assert any(" dupilumab " in line and "benefit" in line for line in then)
    now = _run(script, tmp_path, "alopecia areata", "2026").splitlines()
    assert "dupilumab" in now[-1]
    assert not any(" dupilumab " in line and "benefit" in line for line in now)


def test_the_figure_and_its_graph_are_written(tmp_path: Path) -> None:
    """The subgraph script leaves a picture and a GraphML file."""
    _run(ROOT / "examples" / "subgraph_for_a_figure.py", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"why.svg", "why.graphml"}


def test_sparql_finds_the_rechallenge(tmp_path: Path) -> None:
    """The evidence of the index case is there in its three phases, and the harm beside it."""
    text = _run(ROOT / "examples" / "sparql_evidence.py", tmp_path)
    assert {"case_report, on", "case_report, off", "case_report, on_again"} <= {
        line.split("supports, ")[-1] for line in text.splitlines()
    }
    assert "has_adverse_event" in text
