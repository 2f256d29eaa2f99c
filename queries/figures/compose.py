"""The whole figure: question and statuses above, mechanisms between, legend and caption below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from queries.explanation.answer import Explanation, Side, SideName
from queries.explanation.common_ground import parting
from queries.figures.font_metrics import ASCENT, clean_text, fit_end, text_width
from queries.figures.layout import Placed, lay_out, least_width
from queries.figures.legend import legend
from queries.figures.measure import SMALLEST, Type, types
from queries.figures.merge import build_scene
from queries.figures.palette import BENEFIT, HARM, INK, MUTED, PAPER
from queries.figures.picture import Area, Group, Picture, Shape, Words
from queries.figures.scene import SideCount
from queries.figures.shapes import arc_group, box_group, label_group, line, rectangle
from queries.figures.sides import in_turn
from queries.figures.wording import condition_words, percent

__all__ = ["compose", "make_picture"]

_MARGIN: Final = 8.0
_POINTS_PER_MM: Final = 72 / 25.4
#: Mechanisms tried one by one after those that fit in a row: a lower one may need no room of its own.
_MORE: Final = 6
_TITLE: Final = 10.0
_TEXT: Final = 7.0


def make_picture(explanation: Explanation, *, width_mm: float, max_height_mm: float) -> Picture:
    """Return the figure with as many paths as fit at 6 pt or more, best first; what is left out is said in it.

    Type is as large as fits. If not even the best path of each side fits, the figure is drawn wider and shrunk, and says at
    which width it can be read.
    """
    width = width_mm * _POINTS_PER_MM
    room, most = width - 2 * _MARGIN, max_height_mm * _POINTS_PER_MM
    smallest = [setting for setting in types() if setting.name <= SMALLEST]
    chosen, apart = _narrow_enough(explanation, smallest[-2], room)
    least = min(len(chosen), len([side for side in (explanation.benefit, explanation.harm) if side.paths]))

    def fits(numbers: Sequence[int], settings: Sequence[Type]) -> Picture | None:
        scene = build_scene(explanation, numbers, apart=apart)
        too_high = 0.0
        for setting in settings:
            placed = None if setting.name == too_high else lay_out(scene, setting, room)
            if placed is not None:
                picture = compose(placed, width)
                if picture.height <= most:
                    return picture
                too_high = setting.name  # narrower lines of the same type only make it higher
        return None

    low, high = least, len(chosen)
    if fits(chosen, smallest) is not None:
        low = high
    while low < high - 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(chosen[:middle], smallest) is not None else (low, middle)
    drawn = chosen[:low]
    for number in chosen[low : low + _MORE]:
        if fits([*drawn, number], smallest) is not None:
            drawn.append(number)
    picture = fits(drawn, types())
    if picture is None:
        scene = build_scene(explanation, drawn, apart=apart)
        wider = (1.05**step for step in range(100))
        placed = next(p for p in (lay_out(scene, smallest[-1], room * factor) for factor in wider) if p is not None)
        picture = compose(placed, width)
    return picture


def _narrow_enough(explanation: Explanation, setting: Type, room: float) -> tuple[list[int], bool]:
    """Return the paths, best first, that can be drawn together in a width, and whether the sides must stand apart for it.

    The first path of each side is always among them.
    """
    chosen: list[int] = []
    seen: set[SideName] = set()
    apart = False
    for number, (side, *_) in enumerate(in_turn(explanation)):
        narrow = least_width(build_scene(explanation, [*chosen, number], apart=apart), setting) <= room * 0.97
        if narrow or side not in seen:
            chosen.append(number)
            apart = apart or (not narrow and len(seen) == 1)
        seen.add(side)
    return chosen, apart


def compose(placed: Placed, width: float) -> Picture:
    """Put title, statuses, mechanisms, legend and caption together in a page `width` points wide."""
    scene = placed.scene
    explanation = scene.explanation
    needed = placed.width + 2 * _MARGIN
    page = width if needed <= width + 1e-6 else needed
    scale = width / page
    writer = _Column(page)
    title = _title(explanation)
    writer.text(title, _TITLE, bold=True, kind="title")
    writer.space(2)
    _status(writer, "benefit", explanation.benefit, explanation)
    writer.space(5)
    origin = ((page - placed.width) / 2, writer.y)
    writer.y += placed.height + 5
    if not scene.arcs:
        writer.text("No mechanism from the drug to the disease was found in this graph.", _TEXT, colour=MUTED)
    _status(writer, "harm", explanation.harm, explanation)
    writer.space(3)
    signs, height = legend(placed, _MARGIN, writer.y, writer.room)
    writer.add("legend", signs, height)
    writer.space(3)
    caption = _caption(placed, scale, width)
    writer.text(caption, max(SMALLEST, 6.0), colour=MUTED, lines=4, kind="caption")
    groups = (
        Group("paper", "", (Shape(rectangle(0, 0, page, writer.y + _MARGIN), fill=PAPER),)),
        *(arc_group(curve, origin) for curve in placed.curves),
        *(label_group(label, origin, placed.type) for label in placed.labels),
        *(box_group(box, origin, placed.type) for box in placed.boxes),
        *writer.groups,
    )
    return Picture(
        title=title,
        description=_description(explanation, caption),
        width=page,
        height=writer.y + _MARGIN,
        scale=scale,
        groups=groups,
        placed=placed,
        origin=origin,
        areas=tuple(writer.areas),
    )


@dataclass
class _Column:
    """Lines of text and legend items set one below the other."""

    page: float
    y: float = _MARGIN

    def __post_init__(self) -> None:
        self.groups: list[Group] = []
        self.areas: list[Area] = []

    @property
    def room(self) -> float:
        return self.page - 2 * _MARGIN

    def space(self, points: float) -> None:
        self.y += points

    def add(self, name: str, groups: Sequence[Group], height: float) -> None:
        """Take in what was made for this place."""
        self.groups += groups
        self.areas.append(Area(name, _MARGIN, self.y, self.room, height))
        self.y += height

    def text(
        self,
        text: str,
        size: float,
        *,
        colour: str = INK,
        bold: bool = False,
        indent: float = 0.0,
        lines: int = 2,
        kind: str = "text",
    ) -> None:
        room = self.room - indent
        parts = []
        top = self.y
        for row in _rows(text, size, room, lines, bold=bold):
            parts.append(Words(_MARGIN + indent, self.y + size * (ASCENT + 0.08), row, size, colour, "start", bold))
            self.y += size * 1.25
        self.groups.append(Group(kind, "", tuple(parts)))
        self.areas.append(Area(kind, _MARGIN, top, self.room, self.y - top))


def _rows(text: str, size: float, room: float, lines: int, *, bold: bool) -> list[str]:
    """Break text greedily; the bold table is wider, so bold text gets less room."""
    words = clean_text(text).split(" ")
    rows = [""]
    for word in words:
        joined = f"{rows[-1]} {word}".strip()
        if text_width(joined, size, bold=bold) <= room:
            rows[-1] = joined
        else:
            rows.append(word)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], " ".join(rows[lines - 1 :])]
    return [fit_end(row, size, room / (1.16 if bold else 1.0)) for row in rows if row]


def _title(explanation: Explanation) -> str:
    question = explanation.question
    asked = f"{question.source.name} in {question.target.name}: why it may help, why it may harm"
    return clean_text(asked + (f" (as of {question.as_of})" if question.as_of else ""))


def _status(writer: _Column, name: SideName, side: Side, explanation: Explanation) -> None:
    """Write the heading of a side: a sample of its line, its status, the sentence, the conditions known."""
    ink = BENEFIT if name == "benefit" else HARM
    top = writer.y
    head = f"{name.upper()}: {side.status}."
    base = writer.y + _TEXT * (ASCENT + 0.08)
    sample = Shape(line((_MARGIN, base - 2.4), (_MARGIN + 20, base - 2.4)), stroke=ink.line, width=1.4, dash=ink.dash)
    indent = 24.0 + text_width(head, _TEXT, bold=True) + 4
    parts: list[Shape | Words] = [sample, Words(_MARGIN + 24, base, head, _TEXT, ink.line, "start", bold=True)]
    writer.groups.append(Group(f"status {name}", "", tuple(parts)))
    before = len(writer.areas)
    writer.text(side.sentence or " ", _TEXT, indent=indent, lines=2)
    whom = _in_whom(name, explanation, writer.room - 24.0)
    if whom:
        writer.text(whom, SMALLEST, colour=MUTED, indent=24.0, lines=1)
    del writer.areas[before:]
    writer.areas.append(Area(f"status {name}", _MARGIN, top, writer.room, writer.y - top))


def _in_whom(name: SideName, explanation: Explanation, room: float) -> str:
    """Say in one line in whom a side was seen, each with the number of studies; as much as there is room for."""
    groups = [g for g in explanation.conditions if g.side == name and g.kind in ("", "limit", "predictor", "patients")]
    limited = {g.variable for g in groups if g.kind != "predictor"}
    groups = [g for g in groups if g.kind != "predictor" or g.variable not in limited]
    words = [f"{condition_words(g.condition)} ({len(g.studies)})" for g in groups]
    for shown in range(len(words), 0, -1):
        more = f"; {len(words) - shown} more" if shown < len(words) else ""
        text = f"In whom (studies): {'; '.join(words[:shown])}{more}."
        if shown == 1 or text_width(text, SMALLEST) <= room:
            return text
    return ""


def _caption(placed: Placed, scale: float, width: float) -> str:
    """Say what is drawn, what is not and why, and from which graph."""
    scene = placed.scene
    explanation = scene.explanation
    words = []
    drawn = [_drawn(count) for count in scene.counts if count.found or count.supposed_drawn]
    if drawn:
        words.append(f"Drawn, best first: {'; '.join(drawn)}. Path mass: each weighs exp(−cost).")
    words += _not_drawn(scene.counts)
    if scene.left_out_steps:
        why = " to keep the type at 6 pt or more" if sum(scene.drawn) + scene.backwards < len(in_turn(explanation)) else ""
        words.append(f"Left out: {_count(scene.left_out_steps, 'step')}{why}.")
    if scene.backwards:
        words.append(f"{_count(scene.backwards, 'mechanism')} not drawn because they would run backwards here.")
    if not placed.type.badges:
        conditions = dict.fromkeys(badge for arc in scene.arcs for badge in arc.badges)
        words.append(f"§ {'; '.join(conditions)}." if conditions else "")
    if scene.doubled:
        words.append("Some boxes stand twice, once for each side.")
    if scale < 0.999:
        needed = width / scale / _POINTS_PER_MM
        words.append(f"The type is below 6 pt at this width: print it {needed:.0f} mm wide.")
    question = explanation.question
    if len(question.targets) > 1:
        forms = [t.name for t in question.targets if t.id != question.target.id]
        words.append(f"Severity forms taken in: {', '.join(forms)}.")
    if question.as_of:
        late = question.left_out_later + question.left_out_undated
        words.append(f"Evidence certainly published by {question.as_of}; {late} later or undated left out.")
    if explanation.graph_digest:
        words.append(f"ImmunoKG graph {explanation.graph_digest[:16]}.")
    return clean_text(" ".join(word for word in words if word))


def _drawn(count: SideCount) -> str:
    """Say how many mechanisms of a side are drawn and what they carry: "7 of 20 benefit mechanisms (79 % of their mass)"."""
    words = []
    if count.found:
        words.append(f"{count.drawn} of {count.found} {count.side} mechanisms ({percent(count.share)} of their path mass)")
    if count.supposed_drawn:
        words.append(f"{count.supposed_drawn} of {count.supposed} {count.side} suppositions")
    return " and ".join(words)


def _not_drawn(counts: Sequence[SideCount]) -> list[str]:
    """Say how many mechanisms were pruned for want of necessity, and how many would close a cycle."""
    words = []
    pruned, below = sum(count.pruned for count in counts), sum(count.below for count in counts)
    if pruned:
        least = max(count.least for count in counts if count.pruned)
        words.append(f"Pruned: {_count(pruned, 'mechanism')} with a step that under {100 * least:.2g} % of the path mass needs.")
    if below:
        words.append(f"Below the graph: {_count(below, 'mechanism')} that would close a cycle.")
    supposed = sum(count.supposed - count.supposed_drawn for count in counts)
    if supposed:
        words.append(f"Not drawn: {_count(supposed, 'mechanism')} that {'rests' if supposed == 1 else 'rest'} on a supposition.")
    return words


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _description(explanation: Explanation, caption: str) -> str:
    sides = (("Benefit", explanation.benefit), ("Harm", explanation.harm))
    words = [f"{name}: {side.status}. {side.sentence}" for name, side in sides]
    words.append(parting(explanation.fork, explanation.shared))
    return clean_text(" ".join((*filter(None, words), caption)))
