"""Files of figures: the same bytes each time, fonts embedded, hostile names stay text, errors are clear."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from ontologies.errors import BackendError, BadInput, MissingPart
from queries.explanation.answer import Node
from queries.figures import draw, svg_text
from tests.explanations import DRUG, explanation_of, path_of

SVG = "{http://www.w3.org/2000/svg}"


def test_svg_holds_hostile_names_as_text() -> None:
    """Markup, CDATA ends, control and direction characters in names are text or replaced, and nothing is fetched."""
    name = "<script>alert(1)</script> ]]> & \"' \x07\u202e"
    explanation = explanation_of([path_of("dupilumab -|1 X ->1 alopecia areata")], [], fork="")
    step = explanation.benefit.paths[0].steps
    evil = Node("ikg:x", name, "Gene")
    path = replace(explanation.benefit.paths[0], steps=(replace(step[0], object=evil), replace(step[1], subject=evil)))
    question = replace(explanation.question, source=replace(DRUG, name=name))
    text = svg_text(replace(explanation, benefit=replace(explanation.benefit, paths=(path,)), question=question))
    root = ET.fromstring(text)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {"svg", "title", "desc", "g", "path", "text"}
    assert not re.search(r"href|url\(|<style|<!DOCTYPE|\x07|\u202e", text)
    assert any("<script>" in (t.text or "") for t in root.iter(f"{SVG}title"))


def test_svg_is_named_and_text_is_text() -> None:
    """The SVG is one image with title and description, and every box and arc has a title."""
    root = ET.fromstring(svg_text(explanation_of()))
    assert root.get("role") == "img"
    names = (root.get("aria-labelledby") or "").split()
    assert [root[0].get("id"), root[1].get("id")] == names
    assert (root[0].text or "").startswith("dupilumab in alopecia areata")
    assert "BENEFIT: observed." in [t.text for t in root.iter(f"{SVG}text")]
    groups = [g for g in root.iter(f"{SVG}g") if re.search(r"\b(arc|box)\b", g.get("class") or "")]
    assert all((g.find(f"{SVG}title") is not None) for g in groups)


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
def test_same_bytes_twice(tmp_path: Path, suffix: str) -> None:
    """Drawing the same explanation twice gives the same bytes, without a date."""
    for name in ("one", "two"):
        draw(explanation_of(), tmp_path / f"{name}{suffix}")
    one = (tmp_path / f"one{suffix}").read_bytes()
    assert one == (tmp_path / f"two{suffix}").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"one{suffix}", f"two{suffix}"]


def test_same_svg_in_another_process(tmp_path: Path, repo_root: Path) -> None:
    """The bytes do not depend on the hash seed of the process."""
    code = (
        "import sys; from queries.figures import svg_text; from tests.explanations import explanation_of;"
        "sys.stdout.buffer.write(svg_text(explanation_of()).encode())"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, cwd=repo_root,
            capture_output=True, check=True,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert outputs[0] == outputs[1] == svg_text(explanation_of()).encode()


def test_pdf_embeds_its_fonts(tmp_path: Path) -> None:
    """The PDF carries DejaVu Sans as TrueType, so that text can be edited and printed anywhere."""
    draw(explanation_of(), tmp_path / "why.pdf")
    data = (tmp_path / "why.pdf").read_bytes()
    assert b"/FontFile2" in data
    assert b"DejaVuSans" in data
    assert b"CreationDate" not in data


def test_eps_has_no_date(tmp_path: Path) -> None:
    """An EPS names no day of making."""
    draw(explanation_of(["dupilumab -|1 IL4R ->1 alopecia areata"], [], fork=""), tmp_path / "why.eps")
    data = (tmp_path / "why.eps").read_bytes()
    assert data.startswith(b"%!PS-Adobe")
    assert b"CreationDate: (none)" in data


def test_png_has_300_dots_an_inch(tmp_path: Path) -> None:
    """A figure of 183 mm is 2161 dots wide."""
    draw(explanation_of(), tmp_path / "why.png")
    assert int.from_bytes((tmp_path / "why.png").read_bytes()[16:20], "big") == 2161


def test_names_outside_the_font_are_drawn(tmp_path: Path) -> None:
    """A name in a script that the font lacks neither fails nor warns."""
    draw(explanation_of(["dupilumab -|1 円形脱毛症 ->1 alopecia areata"], [], fork=""), tmp_path / "why.png")
    assert (tmp_path / "why.png").stat().st_size > 10_000


def test_dollar_signs_are_no_mathematics(tmp_path: Path) -> None:
    """Names with dollar signs and backslashes are drawn as they stand."""
    draw(explanation_of([r"dupilumab -|1 $\frac{IL4}$R ->1 alopecia areata"], [], fork=""), tmp_path / "why.pdf")
    assert (tmp_path / "why.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("name", ["why.gif", "why", "why.svg.txt"])
def test_other_suffixes_are_refused(tmp_path: Path, name: str) -> None:
    """Another ending is an error that lists the endings, and nothing is written."""
    with pytest.raises(BadInput, match=r"\.svg, \.png, \.pdf"):
        draw(explanation_of(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_unwritable_place_keeps_the_old_file(tmp_path: Path) -> None:
    """A directory that is not there is a clear error."""
    with pytest.raises(BackendError, match="cannot write"):
        draw(explanation_of(), tmp_path / "no" / "why.svg")


@pytest.mark.parametrize(("module", "suffix"), [("pygraphviz", ".svg"), ("matplotlib", ".pdf")])
def test_missing_library_is_named(tmp_path: Path, repo_root: Path, module: str, suffix: str) -> None:
    """Without pygraphviz or matplotlib the error names the part and the command that installs it."""
    code = (
        f"import sys; sys.modules[{module!r}] = None; from ontologies.errors import MissingPart;"
        "from queries.figures import draw; from tests.explanations import explanation_of\n"
        "try:\n    draw(explanation_of(), sys.argv[1])\nexcept MissingPart as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / f"why{suffix}")], cwd=repo_root,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert MissingPart("x", "y").install == "y"
    assert re.search(rf"^{module}.* is not installed; run: pip install '{module}", done.stdout)


def test_layout_prints_nothing(repo_root: Path) -> None:
    """Graphviz and fontconfig write nothing to the terminal, and the environment is left as it was."""
    code = (
        "import os; from queries.figures.dot import heights, Item, Link;"
        "heights([Item('a', 10), Item('b', 10)], [Link('a', 'b')]); assert 'FONTCONFIG_FILE' not in os.environ"
    )
    environment = {k: v for k, v in os.environ.items() if k != "FONTCONFIG_FILE"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repo_root, env=environment, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")


def test_import_is_light(repo_root: Path) -> None:
    """Importing the package loads neither Graphviz nor matplotlib."""
    code = "import sys, queries.figures; print(sorted({'pygraphviz', 'matplotlib', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=repo_root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
