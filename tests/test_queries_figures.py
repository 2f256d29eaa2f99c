"""Figures: every mechanism in place, nothing overlaps, sides and signs are told without colour, pruning is said."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ontologies.errors import BadInput
from queries.figures import check, picture_of, svg_text
from queries.figures.font_metrics import text_width, wrap
from queries.figures.palette import BENEFIT, HARM, INK, MUTED, PAPER, SHARED, contrast
from queries.figures.picture import Picture, Shape
from queries.figures.scene import build_scene
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
    assert sum(scene.drawn) + scene.backwards == 2 * (nodes // 4)


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
    assert "STAT6 increases activity of T-helper 2 cell, 4 studies for, 1 against, benefit side" in titles
    assert "dupilumab decreases activity of IL4R, 5 studies for, 0 against, both sides" in titles
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
    assert f"{scene.drawn[0]} of 20 benefit" in caption
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
    """A second path that would close a cycle is not drawn, and the caption says so."""
    benefit = ["dupilumab -|1 IL4R ->1 STAT6 ->1 alopecia areata", "dupilumab -|1 STAT6 ->1 IL4R ->1 alopecia areata"]
    picture = picture_of(explanation_of(benefit, [], fork="", status=("predicted", "none")))
    assert picture.placed.scene.backwards == 1
    assert "backwards" in picture.description


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
