"""The page of an explanation in the terminal and as Markdown: its order, its width, what every claim carries."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from queries.explanation.answer import Explanation, Side, Status
from queries.page import to_markdown, to_text
from queries.page.blocks import Bullets, Heading, Item, Paragraph, Table, clean, plain
from queries.page.markdown import render_markdown
from queries.page.references import identifier
from queries.page.terminal import columns, render_text, wrap_columns
from queries.page.whole import page_blocks
from tests.explanations import explanation_of
from tests.full_explanations import everything

CURIE = re.compile(r"\b(?:HGNC|MONDO|DRUGBANK|CHEBI|GO|CL|UBERON|NCBITaxon|ikg|PMID|DOI|db):\S")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def headings(explanation: Explanation) -> list[str]:
    """Return the headings of level 2 in order."""
    return [block.text for block in page_blocks(explanation) if isinstance(block, Heading) and block.level == 2]


def test_page_answers_in_the_order_of_a_readers_questions() -> None:
    """The answer, in whom, who saw it, by which way, what else, what would decide, what is missing, who said so."""
    assert headings(everything()) == [
        "In whom, and when",
        "Clinical evidence, by study design",
        "On the drug, off it, on it again",
        "Where the two sides part",
        "Mechanisms to benefit",
        "Mechanisms to harm",
        "Other explanations, without the drug's mechanism",
        "Compared with prednisone",
        "Measurements that would decide",
        "Measured markers, held against both sides",
        "What is missing",
        "What authors supposed",
        "References",
    ]


def test_first_lines_are_the_answer() -> None:
    """Within the first 24 lines of 80 columns: what is partial, both sides with what they rest on, the best mechanisms."""
    first = "\n".join(to_text(everything(), width=80).splitlines()[:24])
    place = first.index("PARTIAL ANSWER. The search for mechanisms to benefit was stopped")
    for words in (
        "In clinical studies alopecia areata improved on", "BENEFIT observed.", "HARM predicted.",
        "randomized trial, phase 2 (n = 60", "dupilumab → less IL4",
    ):  # fmt: skip
        assert first.index(words) > place
    assert re.search(r"less IL4\s+activity \[\d+\] → less alopecia\s+areata \[\d+\]", first)


@pytest.mark.parametrize(
    ("benefit", "harm", "words"),
    [
        ("observed", "observed", "improved on dupilumab in some patients, and arose or grew worse on it in others."),
        ("predicted", "observed", "arose or grew worse on dupilumab in some patients. Benefit was not seen there"),
        ("predicted", "none", "a prediction from mechanisms, not a finding"),
        ("hypothesised", "none", "what authors supposed, not a finding"),
        ("none", "none", "Nothing in this graph speaks for a benefit or a harm"),
    ],
)
def test_answer_in_short_is_no_surer_than_its_sides(benefit: Status, harm: Status, words: str) -> None:
    """A side that no study saw is never worded as a fact."""
    page = to_text(explanation_of(status=(benefit, harm)), width=200)
    assert words in page
    assert ("improved" in page.split("BENEFIT")[0]) == (benefit == "observed")


def test_stopped_search_that_found_nothing_is_not_none() -> None:
    """Nothing found before the time was over is said as not known."""
    empty = replace(explanation_of(), benefit=Side("none", "x", partial=True), harm=Side("none", "x", partial=True))
    page = to_text(empty, width=200)
    assert "It is not known whether dupilumab helps or harms" in page
    assert "None was found before the search was stopped." in page


@pytest.mark.parametrize("why", [False, True])
@pytest.mark.parametrize("width", [30, 80, 120])
def test_no_line_is_longer_than_the_terminal(width: int, why: bool) -> None:
    """At 120, 80 and 30 columns, for an answer with every part."""
    assert max(map(columns, to_text(everything(), width=width, why=why).splitlines())) <= width


@pytest.mark.parametrize("page", [to_text(everything(), why=True), to_markdown(everything(), why=True)])
def test_prose_has_no_identifiers_and_no_words_of_the_inside(page: str) -> None:
    """Names, not CURIEs; no words that only the program's authors know."""
    prose = re.sub(r"\(https://\S+\)", "", page)
    assert CURIE.findall(prose) == []
    assert re.findall(r"\b(firm|arcs?|DAG|node|path mass|CURIE)\b", prose) == []


def test_every_finding_stands_with_its_citation_and_every_citation_in_the_list() -> None:
    """Each finding of a paper is followed by a number, and every number used is a reference."""
    page = to_text(everything(), width=2000, why=True)
    text, references = page.split("REFERENCES")
    listed = {int(n) for n in re.findall(r"^ *(\d+)\. ", references, re.MULTILINE)}
    cited = {int(n) for group in re.findall(r"\[([\d, ]+)\]", text) for n in group.split(", ")}
    assert cited == listed == set(range(1, len(listed) + 1))
    counted = [line for line in text.splitlines() if re.search(r"\d+ stud(y|ies) for", line)]
    assert len(counted) > 15
    assert [line for line in counted if not re.search(r"\[\d", line)] == []
    assert re.findall(r"finding of paper \d+\b(?! \(.{1,80}\) \[\d)(?! \[\d)", text) == []


def test_reference_tells_title_journal_date_and_where_to_find_it() -> None:
    """Markdown links to PubMed; a work without a title says so."""
    page = to_markdown(everything())
    assert "Title of paper 20. J Test, 2018-10. [PMID 20](https://pubmed.ncbi.nlm.nih.gov/20/)" in page
    assert "(title not recorded) [PMID 77](https://pubmed.ncbi.nlm.nih.gov/77/)" in page


@pytest.mark.parametrize(
    ("key", "words", "url"),
    [
        ("DOI:10.1001/jamadermatol.2018.2976", "doi:10.1001/jamadermatol.2018.2976", "https://doi.org/10.1001/jamadermatol.2018.2976"),
        ("DOI:10.1000/<x>", "doi:10.1000/<x>", "https://doi.org/10.1000/%3Cx%3E"),
        ("clinicaltrials:NCT05551793", "NCT05551793", "https://clinicaltrials.gov/study/NCT05551793"),
        ("PMID:javascript:alert(1)", "PMID javascript:alert(1)", None),
        ("db:DrugMechDB/DB1", "DrugMechDB record DB1", None),
    ],
)
def test_only_well_formed_identifiers_become_links(key: str, words: str, url: str | None) -> None:
    """What is off the pattern of its catalogue is words."""
    found = identifier(key)
    assert plain((found,)).replace("\u00a0", " ") == words
    assert getattr(found, "url", None) == url


def test_why_shows_the_studies_of_a_step_once() -> None:
    """Design, size, stance, context, finding and citation, and the cost; where the step comes again, only where it stood."""
    page = to_text(everything(), width=300, why=True)
    line = "cell culture or cell-free experiment, n = 12, for, human, T cell; age ≥ 12 years: finding of paper 1 ["
    assert page.count(line) == 1
    assert "cost of the step: evidence 0.30 + parsimony 0.50" in page
    assert "dupilumab decreases activity of IL4: 2 studies for, 1 against or without effect, as in benefit 1" in page
    assert line not in to_text(everything(), width=300)


def test_for_against_and_no_effect_stand_apart() -> None:
    """One table for each stance, with n, effect and interval."""
    tables = {plain(b.caption): b for b in page_blocks(everything()) if isinstance(b, Table)}
    support = tables["Studies that found benefit"]
    assert support.header == ("design", "n", "effect (interval)", "what was found")
    assert plain(support.rows[0][2]) == "difference 8.7 points (95 % CI 2.1 to 15.3)"
    assert [len(tables[name].rows) for name in ("Studies that speak against benefit",
                                                "Studies that looked for benefit and found no effect")] == [1, 1]


def test_markers_are_told_with_what_each_side_predicts_and_by_which_way() -> None:
    """Predicted and seen directions, the test with its p, what could not be used; the ways only when asked why."""
    page = to_text(everything(), width=200, why=True)
    for words in ("hair keratins (NCT1)", "0.031 (least possible 0.01)", "no test", "1 not in this graph, left out: CCL99.",
                  "hair keratins, benefit: dupilumab ⊣ IL4 ↓ ⊣ hair keratins ↑"):  # fmt: skip
        assert words in page
    assert "hair keratins, benefit:" not in to_text(everything(), width=200)


def test_comparisons_with_other_drugs_count_for_no_side() -> None:
    """Which helps more is told apart, with what was claimed and found."""
    [table] = [b for b in page_blocks(everything()) if isinstance(b, Table) and b.caption == "Comparisons with other drugs"]
    claim, *_, found = map(plain, table.rows[0])
    assert claim == "prednisone more effective than dupilumab (no difference seen)"
    assert "finding of paper 61" in found


def test_merged_mechanisms_are_a_tree_that_follows_a_state_once() -> None:
    """Steps stand below what they start from, those that more depends on first."""
    tree = next(b for b in page_blocks(everything()) if isinstance(b, Bullets) and b.tree)
    drug = tree.items[0]
    assert plain(drug.text) == "dupilumab"
    below = drug.details[0]
    assert plain(below.text).replace("\u00a0", " ").startswith("⊣ IL4 ↓ 100 % (decreases activity of): 2 studies for")
    assert [plain(item.text)[0] for item in below.details] == ["→", "⊣"]


@given(TEXT, st.integers(30, 120))
def test_hostile_text_keeps_to_the_terminal(text: str, width: int) -> None:
    """No control character reaches the terminal, and no line outgrows it, whatever a name or finding holds."""
    page = render_text(
        [Heading(1, text), Paragraph(text), Bullets((Item(text, (Item(text),)),)), Table(text, ("a", text), ((text, text),))],
        width=width,
    )
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", page) == []
    assert max(map(columns, page.split("\n"))) <= width


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60), st.integers(1, 40))
def test_wrapping_loses_nothing(text: str, width: int) -> None:
    """Put together again, the lines are the text; each fits unless it is one character that cannot."""
    lines = wrap_columns(clean(text), width)
    assert "".join(lines).replace(" ", "") == clean(text).replace(" ", "").replace("\u00a0", "")
    assert all(columns(line) <= max(width, 2) for line in lines)


def _words(markdown: str) -> list[str]:
    """Return the text of the leaves of a Markdown page, as a parser of its own reads it."""
    found: list[str] = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.type == "inline":
            found.append("".join(child.content for child in token.children or ()))
            assert {child.type for child in token.children or ()} <= {"text", "text_special", "strong_open", "strong_close"}
    return found


@given(TEXT)
def test_markdown_says_what_was_written_and_no_more(text: str) -> None:
    """Names and findings that look like markup come out as they are: no link, emphasis, HTML, code or table cell."""
    written = " ".join(clean(text).replace("\u00a0", " ").split())
    page = render_markdown([Heading(2, f"x{text}"), Paragraph(f"x{text}"), Bullets((Item(f"x{text}", (Item(f"y{text}"),)),)),
                            Table(f"x{text}", ("a", "b"), ((f"x{text}", f"y{text}"),))])  # fmt: skip
    read = [" ".join(words.replace("\u00a0", " ").split()) for words in _words(page)]
    x, y = (" ".join(f"{letter}{clean(text)}".replace("\u00a0", " ").split()) for letter in "xy")
    assert read == [x, x, x, y, x, "a", "b", x, y], written


@pytest.mark.parametrize("text", ["- a", "1. a", "2) a", "+ a", "# a", "> a", "=== ", "--- ", "    a", "```", "<script>", "&lt;"])
def test_what_looks_like_a_block_stays_a_line(text: str) -> None:
    """A finding that begins like a list, rule, heading or code is a paragraph that says so."""
    assert _words(render_markdown([Paragraph(text)])) == [text.strip()]


def test_colour_changes_no_word() -> None:
    """With colour the same text is printed with bold and dim."""
    colourful = to_text(everything(), color=True, why=True)
    assert "\x1b[1m" in colourful
    assert re.sub(r"\x1b\[\d*m", "", colourful) == to_text(everything(), why=True)
