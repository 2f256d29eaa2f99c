"""`immunokg explain`: its options, its forms, its exit codes."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import html5rdf
import pytest
from jsonschema import Draft202012Validator

from immunokg.cli import main
from queries.page.terminal import columns
from tests.limits import HANG

PAIR = ("explain", "dupilumab", "alopecia areata", "--k", "5")


def out(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """Run the command line, require its exit code, return what it printed."""
    assert main(list(arguments)) == code, capsys.readouterr().err
    return capsys.readouterr().out


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    """Have the built-in graph before the output of a command is looked at."""
    assert main(["stats", "--quiet"]) == 0


@pytest.mark.parametrize("width", [80, 120])
def test_page_fits_the_terminal(width: int, repo_root: Path) -> None:
    """On a terminal of 80 or 120 columns no line is longer, and the answer stands first."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(width), "NO_COLOR": "1", "PYTHONPATH": str(repo_root)}
    with subprocess.Popen(
        [sys.executable, "-m", "immunokg", *PAIR, "--why"], stdout=follower, stderr=subprocess.PIPE, env=environment
    ) as process:
        os.close(follower)
        shown = b""
        while chunk := _read(leader):
            shown += chunk
        assert process.wait(HANG) == 0, process.stderr and process.stderr.read()
    os.close(leader)
    lines = shown.decode().replace("\r\n", "\n").splitlines()
    assert len(lines) > 100
    assert max(map(columns, lines)) <= width
    assert max(map(columns, lines)) > width - 8
    assert any(line.startswith("BENEFIT observed.") for line in lines[:24])
    assert any(line.startswith("HARM observed.") for line in lines[:24])


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 1 << 16)
    except OSError:  # the other end was closed
        return b""


def test_html_goes_to_stdout_with_the_figure(capsys: pytest.CaptureFixture[str]) -> None:
    """One document: parsed without an element that runs or loads, the figure in it, both sides told."""
    page = out(capsys, *PAIR, "--format", "html")
    assert page.startswith("<!DOCTYPE html>")
    root = html5rdf.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    found = [str(element.tag).rpartition("}")[2] for element in root.iter()]
    assert found.count("svg") == 1
    assert {"script", "link", "img", "iframe"} & set(found) == set()
    assert {"Benefit: observed", "Harm: observed"} <= {"".join(e.itertext()) for e in root.iter("h2")}


def test_json_has_every_part_and_follows_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    """Both sides merged, rivals, measurements and the comparison are data too."""
    answer = json.loads(out(capsys, *PAIR, "--versus", "prednisone", "--format", "json"))
    Draft202012Validator(json.loads((files("queries") / "explanation.schema.json").read_text("utf-8"))).validate(answer)
    assert answer["contrast"]["other"]["name"] == "prednisone"
    for part in ("shared", "rivals", "timeline", "challenges"):
        assert answer[part], part
    assert all(answer[side]["dag"]["arcs"] for side in ("benefit", "harm"))


def test_why_adds_studies_in_text_and_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    """Every step of the shown mechanisms lists its studies and its cost, and only when asked."""
    for form in ("text", "markdown"):
        assert out(capsys, *PAIR, "--why", "--format", form).count("cost of the step") > 5
    assert "cost of the step" not in out(capsys, *PAIR)


def test_versus_compares_with_another_drug(capsys: pytest.CaptureFixture[str]) -> None:
    """The other drug by any of its names; without the option there is no comparison."""
    page = out(capsys, *PAIR, "--versus", "Prednisone")
    assert "COMPARED WITH PREDNISONE" in page
    assert "Mechanisms of dupilumab alone" in page
    assert "COMPARED WITH" not in out(capsys, *PAIR)


def test_without_study_leaves_it_out_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """The study is not cited, what went with it is counted."""
    page = out(capsys, *PAIR, "--without-study", "PMID:36271804")
    whole = r"Without PMID 36271804 and all that retells or may retell it: \d+ evidences left out"
    assert re.search(whole, " ".join(page.split()))
    assert page.count("36271804") == 1
    assert "PMID 36271804" in out(capsys, *PAIR)


def test_observed_markers_come_from_a_file_or_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Both give the same page: what each side predicts of each marker, and the names that are not known."""
    table = "CCL13\tdown\nhair keratins\tup\nFOO1\tup\n"
    file = tmp_path / "markers.tsv"
    file.write_text(table, "utf-8")
    page = out(capsys, *PAIR, "--observed", str(file))
    assert "MEASURED MARKERS, HELD AGAINST BOTH SIDES" in page
    assert "1 not in this graph, left out: FOO1." in page
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(table.encode())))
    assert out(capsys, *PAIR, "--observed", "-") == page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--versus", "predni-zzzzz"), "predni-zzzzz"),
        (("--versus", "dupilumab"), "different things"),
        (("--without-study", "PMID:999999999"), "PMID:999999999"),
        (("--observed", "no-such-file.tsv"), "no-such-file.tsv"),
        (("--format", "pdf"), "'text', 'markdown', 'html', 'json'"),
        (("--context", "planet=Mars"), "planet"),
        (("--timeout", "0"), "--timeout"),
    ],
)
def test_bad_input_is_named(arguments: tuple[str, str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, nothing on stdout, the fault in one line or click's usage."""
    assert main([*PAIR, *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert words in shown.err


def test_nothing_for_either_side_is_exit_code_one_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    """Understood, and the answer is none: text, Markdown, HTML and JSON say it."""
    pair = ("explain", "dupilumab", "multiple sclerosis", "--max-steps", "1")
    for form, words in (("text", "BENEFIT none."), ("markdown", "BENEFIT none."), ("html", "Benefit: none"), ("json", '"none"')):
        assert words in out(capsys, *pair, "--format", form, code=1)
