"""The HTML page, read back by a real parser: nothing runs, nothing is fetched, everything is said, anybody can read it."""

from __future__ import annotations

import random
import re
from itertools import pairwise
from xml.etree.ElementTree import Element

import html5rdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontologies.errors import BadInput
from queries.figures import svg_text
from queries.figures.palette import contrast
from queries.page.html import POLICY, to_fragment, to_html
from queries.page.html.picture import inline_svg
from queries.page.html.style import COLOURS, PAIRS, style_sheet
from tests.explanations import explanation_of
from tests.full_explanations import everything

HOSTILE = [
    "</script><script>alert(1)</script>", "<!--", "--><img src=x onerror=alert(1)>", "javascript:alert(1)", "]]>", "<![CDATA[",
    "\u202egnp.exe", "\u2066x", "\x00\x1b[31m", "'\" onmouseover=alert(1) x='", "</title><base href=//evil>", "</style>",
    "&lt;b&gt;", "</td></table></main><plaintext>", "<svg onload=alert(1)>", "{{7*7}}", "https://evil.example/",
    "<p style=x:url(//evil)>",
]  # fmt: skip
CATALOGUES = re.compile(r"#|https://(pubmed\.ncbi\.nlm\.nih\.gov|pmc\.ncbi\.nlm\.nih\.gov|doi\.org|clinicaltrials\.gov)/")
SCRIPTS = {"script", "iframe", "object", "embed", "link", "base", "form", "input", "img", "video", "audio", "frame", "applet"}


def parse(page: str) -> Element:
    """Return the document as a browser would build it."""
    root = html5rdf.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    assert isinstance(root, Element)
    return root


def tags(root: Element) -> list[str]:
    """Return the elements in order, without comments."""
    return [e.tag.rpartition("}")[2] for e in root.iter() if isinstance(e.tag, str)]


def texts(root: Element) -> str:
    """Return all that is said, styles left out."""
    return " ".join(part for e in root.iter() if e.tag != "style" for part in ((e.text or ""), (e.tail or "")))


def assert_harmless(root: Element) -> None:
    """No element that runs or loads, no handler, no address but those of catalogues, no comment."""
    assert [e for e in root.iter() if not isinstance(e.tag, str)] == []
    assert set(tags(root)) & SCRIPTS == set()
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            if name in ("href", "src", "action", "{http://www.w3.org/1999/xlink}href"):
                assert CATALOGUES.match(value)


PAGE = to_html(everything())
ROOT = parse(PAGE)
TAGS = tags(ROOT)


def test_page_is_whole_and_closed() -> None:
    """Language, title, policy; one main; nothing remote; no script."""
    assert PAGE.startswith("<!DOCTYPE html>\n<html lang=\"en\">")
    metas = {e.attrib.get("http-equiv", e.attrib.get("name")): e.attrib.get("content") for e in ROOT.iter("meta")}
    assert metas["Content-Security-Policy"] == POLICY
    assert POLICY.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert ROOT.findtext("head/title") == "dupilumab and alopecia areata: benefit and harm (ImmunoKG)"
    assert tags(ROOT).count("main") == 1
    assert "url(" not in style_sheet()
    assert "@import" not in style_sheet()
    assert_harmless(ROOT)


def test_headings_are_in_order() -> None:
    """One h1 first, and no level is left out on the way down."""
    levels = [int(tag[1]) for tag in tags(ROOT) if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_identifiers_are_unique_and_every_link_within_the_page_arrives() -> None:
    """Contents, sections and citations point at something."""
    ids = [e.attrib["id"] for e in ROOT.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids))
    within = [e.attrib["href"][1:] for e in ROOT.iter("a") if e.attrib["href"].startswith("#")]
    assert len(within) > 30
    assert set(within) <= set(ids)
    assert {e.attrib["aria-labelledby"] for e in ROOT.iter("section") if "aria-labelledby" in e.attrib} <= set(ids)


def test_tables_have_captions_and_header_cells() -> None:
    """Every table says what it shows; every column has a header; a narrow page repeats it beside the cell."""
    tables = list(ROOT.iter("table"))
    assert len(tables) > 8
    for table in tables:
        assert "".join(table.find("caption").itertext()).strip()  # type: ignore[union-attr]  # the test fails if it is of another kind
        heads = ["".join(th.itertext()) for th in table.iter("th")]
        assert all(th.attrib["scope"] == "col" for th in table.iter("th"))
        for row in table.findall("tbody/tr"):
            assert [td.attrib["data-label"] for td in row] == heads


def test_evidence_is_closed_until_asked_for() -> None:
    """The studies of a step stand in details with a summary that counts them."""
    summaries = ["".join(e.itertext()) for e in ROOT.iter("summary")]
    assert "3 studies" not in summaries[:1]
    assert any(re.fullmatch(r"\d+ stud(y|ies)", text) for text in summaries)
    assert all(e[0].tag == "summary" for e in ROOT.iter("details"))


def test_references_lead_out_without_telling_where_from() -> None:
    """PubMed and DOI are plain links; the page sends no referrer."""
    links = [e for e in ROOT.iter("a") if e.attrib["href"].startswith("https:")]
    assert "https://pubmed.ncbi.nlm.nih.gov/20/" in {e.attrib["href"] for e in links}
    assert all("noreferrer" in e.attrib["rel"] for e in links)


def test_footer_makes_the_answer_repeatable() -> None:
    """Question, graph, how to cite."""
    footer = "".join(ROOT.find(".//footer").itertext())  # type: ignore[union-attr]  # the test fails if it is of another kind
    for words in ("dupilumab in alopecia areata", "as known on 2024-01-01", "graph 0f1e2d3c4b5a69788796a5b4c3d2e1f0", "To cite"):
        assert words in footer


def test_figure_stands_in_the_page_with_title_and_description() -> None:
    """The SVG is inline, named for those who cannot see it, and as harmless as the rest."""
    answer = explanation_of()
    page = to_html(answer, figure_svg=svg_text(answer))
    root = parse(page)
    assert_harmless(root)
    svg = next(e for e in root.iter() if str(e.tag).endswith("svg"))
    assert {"title", "desc"} <= {str(e.tag).rpartition("}")[2] for e in svg}
    assert "<?xml" not in page
    assert svg.attrib["role"] == "img"


@pytest.mark.parametrize(
    ("svg", "words"),
    [
        ("<p>", "no SVG"), ("<html/>", "outermost element is 'html'"), ("", "no SVG"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "document type"),
    ],
)  # fmt: skip
def test_what_is_no_figure_is_refused(svg: str, words: str) -> None:
    """Bad input is named, and nothing of it gets into a page."""
    with pytest.raises(BadInput, match=words):
        inline_svg(svg)


def test_figures_lose_whatever_runs_or_loads() -> None:
    """Scripts, handlers, links, styles, foreign content and addresses are left out; the shapes stay."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="x()"><script>x()</script>'
        '<style>*{background:url(//evil)}</style><foreignObject><p>p</p></foreignObject><a xlink:href="javascript:x()"><g/></a>'
        '<image href="https://evil/"/><use href="#a"/><path d="M0 0" fill="url(https://evil/)" style="x" clip-path="url(#c)"/>'
        "<title>&lt;/title>&lt;script></title><text>a</text></svg>"
    )
    inside = inline_svg(svg)
    assert inside == (
        '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0" clip-path="url(#c)"></path>'
        "<title>&lt;/title&gt;&lt;script&gt;</title><text>a</text></svg>"
    )
    assert_harmless(parse(f"<!DOCTYPE html>{inside}"))


@pytest.mark.parametrize("attack", HOSTILE)
def test_hostile_texts_are_words(attack: str) -> None:
    """Put into every name, finding and title at once, an attack changes no element of the page, and is still told."""
    root = parse(to_html(everything(lambda text: f"{text}{attack}")))
    assert_harmless(root)
    assert tags(root) == TAGS
    if attack.isprintable():
        assert attack in texts(root)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_no_text_changes_the_page(seed: int) -> None:
    """With another mixture of attacks in each of some hundred texts the parser finds the same elements."""
    parts = [*HOSTILE, "<", ">", '"', "'", "&", "\n", "a", "\u202e", "-", "/"]
    said: set[str] = set()

    def say(text: str) -> str:
        rng = random.Random(f"{seed} {text}")
        whole = text + "".join(rng.choices(parts, k=rng.randint(1, 4)))
        said.add(whole)
        return whole

    page = to_html(everything(say))
    assert len(said) > 100
    assert tags(parse(page)) == TAGS
    assert re.findall(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]", page) == []


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_said_as_it_is(text: str) -> None:
    """Also texts nobody thought of, lone surrogates included."""
    page = to_html(everything(lambda words: f"{words}{text}"))
    root = parse(page.encode("utf-8", "replace").decode())
    assert_harmless(root)
    assert tags(root) == TAGS


@pytest.mark.parametrize("place", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids="/".join)
def test_text_can_be_read(pair: tuple[str, str], place: int) -> None:
    """Contrast of at least 4.5 to 1 (WCAG 2.1 AA), in the light and in the dark page."""
    first, second = (COLOURS[name][place] for name in pair)
    assert contrast(first, second) >= 4.5


def test_every_colour_of_the_style_is_one_that_was_proved() -> None:
    """The rules name colours only by the table, or white behind the figure; grounds and inks all stand in the pairs."""
    rules = re.sub(r"--[a-z-]+: #[0-9a-f]{6};", "", style_sheet())
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", rules)) <= {"#ffffff"}
    inks = set(re.findall(r"(?<![-\w])color: var\(--([a-z-]+)\)", rules))
    grounds = set(re.findall(r"background: var\(--([a-z-]+)\)", rules))
    assert inks <= {ink for ink, _ in PAIRS}
    assert grounds <= {ground for _, ground in PAIRS}
    assert len(inks) > 4
    assert len(grounds) > 4


def test_style_keeps_to_the_page() -> None:
    """In a notebook nothing beside the answer is restyled, and two answers share no identifier."""
    rules = re.sub(r"@media[^{]*\{", "", style_sheet())
    selectors = [part.strip() for rule in re.findall(r"([^{}]+)\{[^{}]*\}", rules) for part in rule.split(",")]
    assert len(selectors) > 40
    assert [s for s in selectors if not s.startswith(".ikg")] == []
    roots = [parse(to_fragment(answer)) for answer in (everything(), explanation_of())]
    both = [e.attrib["id"] for root in roots for e in root.iter() if "id" in e.attrib]
    assert len(both) == len(set(both))
