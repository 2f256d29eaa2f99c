"""Figures: every mechanism in place, nothing overlaps, sides and signs are told without colour, pruning is said."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ontologies.errors import BadInput
from queries.explanation.answer import Fork, SharedState, WeakLink
from queries.figures import check, picture_of, svg_text
from queries.figures.font_metrics import text_width, wrap
from queries.figures.merge import build_scene
from queries.figures.palette import BENEFIT, HARM, INK, MUTED, PAPER, SHARED, contrast
from queries.figures.picture import Picture, Shape
from tests.explanations import DISEASE, DRUG, explanation_of, generated, path_of


def arcs_of(picture: Picture) -> list[str]:
    """Return the titles of the arcs of a picture."""
    return [group.title for group in picture.groups if group.kind.startswith("arc")]


def strokes(picture: Picture, kind: str) -> set[tuple[float, ...]]:
    """Return the dash patterns of the coloured lines in the groups of one kind."""
    shapes = [p for g in picture.groups if g.kind == kind for p in g.parts if isinstance(p, Shape)]
    return {shape.dash for shape in shapes if shape.stroke not in ("", PAPER) and not shape.fill and shape.width < 1.8}


@pytest.mark.parametrize("seed", range(60))
def test_generated_graphs_have_no_fault(seed: int) -> None:
    """On random graphs of 10 to 60 entities no box, label or arc meets a foreign one and no type is below 6 pt."""
    nodes = 10 + seed * 50 // 59
    assert check(picture_of(generated(seed, nodes, paths=4 + seed % 9))) == []


@pytest.mark.parametrize("nodes", [12, 30, 45, 60])
def test_graphs_drawn_whole_have_no_fault(nodes: int) -> None:
    """With a page large enough every path is drawn, and still nothing overlaps."""
    picture = picture_of(generated(nodes, nodes, paths=nodes // 4), width_mm=900, max_height_mm=2500)
    scene = picture.placed.scene
    assert check(picture) == []
    assert sum(scene.drawn) + scene.backwards + sum(c.below for c in scene.counts) == 2 * (nodes // 4)


def test_check_sees_faults() -> None:
    """A box moved onto another one, and onto an arc, is reported."""
    picture = picture_of(explanation_of())
    boxes = {b.box.node.name: b for b in picture.placed.boxes}
    moved = replace(boxes["GATA3"], x=boxes["STAT6"].x, y=boxes["STAT6"].y)
    placed = replace(picture.placed, boxes=tuple(moved if b.box.node.name == "GATA3" else b for b in boxes.values()))
    faults = check(replace(picture, placed=placed))
    assert any("overlaps" in fault for fault in faults)
    assert any("runs through" in fault or "does not reach" in fault for fault in faults)


def test_benefit_above_harm_and_left_to_right() -> None:
    """The mechanisms to benefit stand above those to harm, the drug at the left, the disease at the right."""
    boxes = picture_of(explanation_of()).placed.boxes
    lowest_benefit = max(b.y for b in boxes if b.box.sides == ("benefit",))
    assert all(b.y > lowest_benefit - 40 for b in boxes if b.box.sides == ("harm",))
    mean = {side: [b.y for b in boxes if b.box.sides == (side,)] for side in ("benefit", "harm")}
    assert sum(mean["benefit"]) / len(mean["benefit"]) < sum(mean["harm"]) / len(mean["harm"])
    by_x = sorted(boxes, key=lambda b: b.x)
    assert (by_x[0].box.node, by_x[-1].box.node) == (DRUG, DISEASE)


def test_sides_differ_without_colour() -> None:
    """Benefit is solid, harm dashed, a hypothesis dotted, whatever the colour."""
    picture = picture_of(explanation_of())
    assert strokes(picture, "arc benefit") == {()}
    assert strokes(picture, "arc harm") >= {HARM.dash}
    assert BENEFIT.dash != HARM.dash
    hypothesis = next(g for g in picture.groups if "a hypothesis" in g.title)
    assert any(isinstance(p, Shape) and p.dash and p.dash != HARM.dash for p in hypothesis.parts)


def test_colours_have_contrast() -> None:
    """Text reaches 4.5 to 1 and lines 3 to 1 on what lies under them."""
    for ink in (BENEFIT, HARM, SHARED):
        assert min(contrast(ink.line, ink.tint), contrast(ink.line, PAPER), contrast(INK, ink.tint)) >= 4.5
    assert contrast(MUTED, PAPER) >= 4.5
    assert contrast(PAPER, INK) >= 4.5


def test_arrows_say_sign_studies_and_side() -> None:
    """Each arc has one sentence with relation, studies for and against, and side."""
    titles = arcs_of(picture_of(explanation_of()))
    for start in (
        "STAT6 increases activity of T-helper 2 cell, 4 studies for, 1 against, benefit side, 25 % of benefit's path mass",
        "dupilumab decreases activity of IL4R, 5 studies for, 0 against, both sides, 100 % of benefit's path mass",
    ):
        assert any(title.startswith(start) for title in titles)
    assert any("1 study for, 0 against, harm side, a hypothesis" in title for title in titles)
    assert any("on condition that: baseline serum total IgE ≥ 200 IU/mL" in title for title in titles)
    assert any("not found or refuted in: disease psoriasis" in title for title in titles)


def test_labels_show_counts_conditions_and_clash() -> None:
    """Study labels read "3", "3/1", "∅1", "?" and "≠", and carry the condition."""
    words = {w.text for w in picture_of(explanation_of()).words()}
    assert {"5", "4/1", "∅1", "1?", "2/2≠", "IgE ≥ 200 IU/mL"} <= words


@pytest.mark.parametrize(
    ("arrow", "form"),
    [("->", "raises"), ("-|", "lowers"), ("-o", "part"), ("~>", "goes with more")],
)
def test_form_of_the_head(arrow: str, form: str) -> None:
    """The sign makes the head; structure has a ring, association a hollow head."""
    explanation = explanation_of([f"dupilumab {arrow}2 IL4R ->1 alopecia areata"], [], fork="")
    assert build_scene(explanation).arcs[0].form == form


def test_assumed_direction_is_marked() -> None:
    """An association whose direction no study stated carries "±", in the legend too."""
    picture = picture_of(explanation_of(["dupilumab -|2 IL4 ?>3 alopecia areata"], [], fork=""))
    words = [w.text for w in picture.words()]
    assert {"3±", "±", "direction assumed"} <= set(words)
    assert any("its direction is assumed" in title for title in arcs_of(picture))


def test_claims_on_the_same_two_boxes_are_drawn_once() -> None:
    """Two claims of one sign between the same boxes are one arrow with both numbers, never their sum."""
    paths = ["dupilumab -|2 IL4 ->3/1 alopecia areata", "dupilumab -|2 IL4 =>2 alopecia areata"]
    picture = picture_of(explanation_of(paths, [], fork=""))
    assert len(picture.placed.curves) == 2
    assert "3/1 · 2" in [w.text for w in picture.words()]


def test_states_and_fork() -> None:
    """A box that the sides drive apart shows both directions, the fork is named, agreement shows one mark."""
    words = [w.text for w in picture_of(explanation_of()).words()]
    assert "B▼ H▲" in words
    assert "▼ ◆ fork" in words
    assert "▼" in words


def test_some_paths_are_left_out_and_said() -> None:
    """Twenty paths of six steps on each side do not fit: what is left out is counted in the figure, type stays 6 pt."""
    explanation = generated(5, 60, paths=20)
    picture = picture_of(explanation)
    caption = " ".join(w.text for g in picture.groups if g.kind == "caption" for w in g.parts if not isinstance(w, Shape))
    scene = picture.placed.scene
    assert all(0 < drawn < 20 for drawn in scene.drawn)
    benefit = scene.counts[0]
    assert f"{benefit.drawn} of {benefit.found} benefit mechanisms ({100 * benefit.share:.0f} % of their path mass)" in caption
    assert f"{sum(c.supposed - c.supposed_drawn for c in scene.counts)} mechanisms that rest on a supposition" in caption
    assert f"{scene.left_out_steps} steps" in caption
    assert picture.smallest_type >= 6.0
    assert 0.3 < picture.height / picture.width <= 137 / 183 + 0.01


def test_best_path_of_each_side_is_always_drawn() -> None:
    """Pruning keeps the first mechanism of both sides."""
    picture = picture_of(generated(8, 60, paths=20), max_height_mm=75)
    assert min(picture.placed.scene.drawn) >= 1


def test_harm_that_runs_against_benefit_gets_its_own_boxes() -> None:
    """If the only harm path would close a cycle with benefit, it is drawn with boxes of its own."""
    benefit = "dupilumab -|1 IL4R ->1 STAT6 ->1 alopecia areata"
    harm = "dupilumab -|1 STAT6 ->1 IL4R -|1 alopecia areata"
    picture = picture_of(explanation_of([benefit], [harm], fork=""))
    assert check(picture) == []
    assert [b.box.node.name for b in picture.placed.boxes].count("STAT6") == 2


def test_a_later_path_that_runs_backwards_is_counted() -> None:
    """A second path of harm that would run backwards through benefit is not drawn, and the caption says so."""
    benefit = ["dupilumab -|1 IL4R ->1 STAT6 ->1 alopecia areata"]
    harm = ["dupilumab -|1 JAK1 -|1 alopecia areata", "dupilumab -|1 STAT6 ->1 IL4R -|1 alopecia areata"]
    picture = picture_of(explanation_of(benefit, harm, fork="", status=("predicted", "none")))
    assert picture.placed.scene.backwards == 1
    assert "backwards" in picture.description


def test_a_path_below_the_dag_is_counted() -> None:
    """A second path of one side that would close a cycle stands below its DAG: not drawn, and the caption says so."""
    benefit = ["dupilumab -|1 IL4R ->1 STAT6 ->1 alopecia areata", "dupilumab -|1 STAT6 ->1 IL4R ->1 alopecia areata"]
    picture = picture_of(explanation_of(benefit, [], fork="", status=("predicted", "none")))
    assert picture.placed.scene.counts[0].below == 1
    assert "Below the graph: 1 mechanism that would close a cycle" in picture.description


def test_pruned_mechanisms_are_not_drawn() -> None:
    """A path that carries under 2 % of the mass is neither drawn nor forgotten."""
    best = path_of("dupilumab -|5 IL4R ->3 STAT6 ->1 alopecia areata")
    faint = replace(path_of("dupilumab -|5 IL4R ->3 JAK1 ->1 alopecia areata"), score=9.0)
    picture = picture_of(explanation_of([best, faint], [], fork="", status=("predicted", "none")))
    assert "JAK1" not in {box.box.node.name for box in picture.placed.boxes}
    assert "Pruned: 1 mechanism with a step that under 2 % of the path mass needs" in picture.description


def test_necessary_steps_are_drawn_wider() -> None:
    """The line of a step that more of its side's mass needs is wider, and its title gives the share."""
    first = path_of("dupilumab -|5 IL4R ->3 STAT6 ->1 alopecia areata")
    second = replace(path_of("dupilumab -|5 IL4R ->3 JAK1 ->1 alopecia areata"), score=2.0)
    picture = picture_of(explanation_of([first, second], [], fork="", status=("predicted", "none")))
    widths = {
        group.title: max(part.width for part in group.parts if isinstance(part, Shape) and part.stroke == BENEFIT.line)
        for group in picture.groups
        if group.kind == "arc benefit"
    }
    shares = {"IL4R": "100 %", "STAT6": "73 %", "JAK1": "27 %"}
    found = [next(w for title, w in widths.items() if f"{name}, " in title and share in title) for name, share in shares.items()]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[1] > found[2]


def test_one_action_is_marked_as_the_fork() -> None:
    """Where all mechanisms name one action of the drug in different ways, its boxes are the fork; shares are printed."""
    node = {name: path_of(f"dupilumab -|5 {name} ->1 alopecia areata").steps[0].object for name in ("IL4R", "IL4")}
    one = SharedState(node["IL4R"], -1, 1, 1.0, 1.0, (node["IL4R"], node["IL4"]))
    shared = (SharedState(DRUG, 1, 0, 1.0, 1.0), one, SharedState(node["IL4"], -1, 1, 0.786, 1.0))
    benefit = ["dupilumab -|5 IL4R ->1 alopecia areata", "dupilumab -|5 IL4 ->1 JAK1 ->1 alopecia areata"]
    harm = ["dupilumab -|5 IL4 -|1 CD8 ->1 alopecia areata"]
    picture = picture_of(replace(explanation_of(benefit, harm, fork="dupilumab"), fork=Fork(DRUG, 1, 0), shared=shared))
    assert {box.box.node.name for box in picture.placed.boxes if box.box.fork} == {"IL4R", "IL4"}
    words = [w.text for w in picture.words()]
    assert "B 79 % H 100 %" in words
    assert "fork: one action of the drug; behind it the sides part" in words
    assert check(picture) == []


def test_the_weakest_link_is_marked() -> None:
    """The step that much needs and little supports carries "!", in the legend too."""
    path = path_of("dupilumab -|5 IL4R ->3 STAT6 ->1 alopecia areata")
    link = WeakLink(path.steps[2], 1.0, 1, 0, 1.0, None, "none", "")
    explanation = explanation_of([path], [], fork="")
    picture = picture_of(replace(explanation, benefit=replace(explanation.benefit, weakest=link)))
    words = [w.text for w in picture.words()]
    assert {"1!", "!", "weakest link of a side"} <= set(words)


@pytest.mark.parametrize(
    ("benefit", "harm"),
    [
        ([], ["dupilumab -|1 IL4R ->1 alopecia areata"]),
        (["dupilumab -|1 IL4R ->1 alopecia areata"], []),
        (["dupilumab -|1 alopecia areata"], ["dupilumab ->1 alopecia areata"]),
        ([], []),
    ],
    ids=["harm only", "benefit only", "one step", "no mechanism"],
)
def test_small_explanations(benefit: list[str], harm: list[str]) -> None:
    """One side empty, paths of one step, and no path at all are drawn without a fault."""
    picture = picture_of(explanation_of(benefit, harm, fork=""))
    assert check(picture) == []
    assert (any("No mechanism" in w.text for w in picture.words())) == (not benefit and not harm)


def test_a_goal_that_is_not_the_disease_is_linked_to_it() -> None:
    """A path that ends in a manifestation is joined to the disease by a ring, with the reason in its title."""
    path = path_of("dupilumab -|1 IL4R ->1 loss of immune privilege", goal="manifestation of alopecia areata, bad when up")
    titles = arcs_of(picture_of(explanation_of([path], [], fork="")))
    assert "loss of immune privilege stands for alopecia areata: manifestation of alopecia areata, bad when up" in titles


def test_very_long_names_stay_in_their_boxes() -> None:
    """Names of hundreds of letters are wrapped and cut; the whole name is in the title."""
    name = "extracellular-signal-regulated " * 12 + "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3
    text = path_of(f"dupilumab -|1 IL4R ->1 {name.strip()} ->1 alopecia areata")
    explanation = explanation_of([text], [], fork="")
    picture = picture_of(explanation)
    assert check(picture) == []
    assert name.strip() in svg_text(explanation)


def test_more_layers_than_a_page_holds_are_shrunk_and_said() -> None:
    """A mechanism of fourteen steps does not fit at 6 pt: the figure says how wide it must be printed."""
    path = "dupilumab " + " ".join(f"->3/1 regulatory T cell {i}" for i in range(14)) + " -|1 alopecia areata"
    picture = picture_of(explanation_of([path], [], fork=""))
    assert [fault for fault in check(picture) if "type of" not in fault] == []
    assert picture.smallest_type < 6.0
    assert re.search(r"print it \d+ mm wide", picture.description)


def test_absurd_sizes_are_refused() -> None:
    """A width that is no page's is an error, also when it is not a number."""
    for width in (0.0, 1e9, float("nan")):
        with pytest.raises(BadInput, match="width"):
            picture_of(explanation_of(), width_mm=width)


def test_width_table_agrees_with_the_embedded_font() -> None:
    """Our widths are those of the font that matplotlib embeds, without kerning."""
    from matplotlib import font_manager
    from matplotlib.ft2font import LoadFlags

    for bold in (False, True):
        found = font_manager.findfont(font_manager.FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal"))
        font = font_manager.get_font(found)
        font.set_size(100, 72)
        for character in "abcXYZ019αβκ≥▼∅/…é"[: 9 if bold else None]:
            glyph = font.load_char(ord(character), flags=LoadFlags.NO_HINTING)
            assert text_width(character, 100, bold=bold) == pytest.approx(glyph.linearHoriAdvance / 65536, abs=0.6)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("IL4R", 50, ["IL4R"]),
        ("T-helper 2 cell", 40, ["T-helper", "2 cell"]),
        ("extracellular-signal-regulated kinase", 60, ["extracellular-", "signal-regulated", "kinase"]),
    ],
)
def test_wrap(text: str, width: float, lines: list[str]) -> None:
    """Names are broken at spaces, else at hyphens, into even lines."""
    assert wrap(text, 6.0, width) == lines
