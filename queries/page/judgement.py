"""What weighs the answer: rivals, another drug, measurements that would decide, markers that were measured, and the gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from queries.explanation.answer import (
    ClinicalFinding,
    Contrast,
    ContrastRow,
    Explanation,
    Marker,
    Measurement,
    Path,
    Rival,
    SideTest,
)
from queries.page.blocks import Block, Bullets, Heading, Item, Paragraph, Strong, Table, Text, joined
from queries.page.mechanisms import Steps, path_item
from queries.page.patients import clinical_table
from queries.page.references import Citations, cited, identifier
from queries.page.words import chain, count, direction, listed, name, share, state

__all__ = ["compared", "deciding", "gaps", "measured_markers", "rivals"]

_ROWS_SHOWN = 15
_PATHS_SHOWN = 3
_REACHED = {"first": "only {first}", "second": "only {second}", "both": "both"}


def rivals(explanation: Explanation, citations: Citations, *, why: bool) -> Iterator[Block]:
    """Yield the explanations that are no mechanism, with who speaks for and against each, and with `why` what they found."""
    if not explanation.rivals:
        return
    yield Heading(2, "Other explanations, without the drug's mechanism", "rivals")
    told: set[str] = set()
    yield Bullets(tuple(_rival(rival, told, citations, why=why) for rival in explanation.rivals))


def _rival(rival: Rival, told: set[str], citations: Citations, *, why: bool) -> Item:
    kind = rival.kind.replace("_", " ")
    sides = (("For it", rival.speaks_for), ("Against it", rival.speaks_against))
    parts: list[Text] = [(Strong(f"{kind[:1].upper()}{kind[1:]}."),), rival.sentence]
    parts += [cited(f"{word}:", citations.cite(items)) for word, items in sides if items]
    details = []
    for word, items in sides if why else ():
        for item in items:
            if item.finding not in told:
                told.add(item.finding)
                details.append(Item(cited(f"{word.lower()}: {item.finding}", citations.cite([item]))))
    return Item(joined(parts), tuple(details), "what they found")


def compared(explanation: Explanation, steps: Steps) -> Iterator[Block]:
    """Yield how another drug does in the same disease, and what only one of the two reaches."""
    contrast = explanation.contrast
    if contrast is None:
        return
    first, second = name(explanation.question.source), name(contrast.other)
    yield Heading(2, f"Compared with {second}", "compared")
    if contrast.sentence:
        yield Paragraph(contrast.sentence)
    yield Table(
        "How sure each side is",
        ("drug", "benefit", "harm"),
        (
            (first, explanation.benefit.status, explanation.harm.status),
            (second, contrast.benefit, contrast.harm),
        ),
    )
    if contrast.rows:
        yield Table(
            "What the mechanisms reach, with the share of each drug's mechanisms that run through it",
            ("reached by", first, second, "what"),
            tuple(_contrast_row(row, first, second, steps.citations) for row in _shown_rows(contrast)),
            frozenset({1, 2}),
        )
        if len(contrast.rows) > _ROWS_SHOWN:
            yield Paragraph(f"The {_ROWS_SHOWN} with the largest shares of {len(contrast.rows)}.", note=True)
    for drug, key, paths in ((first, "first", contrast.only_first), (second, "second", contrast.only_second)):
        if paths:
            yield Heading(3, f"Mechanisms of {drug} alone")
            yield _own_paths(paths, key, steps)
    if contrast.clinical:
        yield Heading(3, f"Clinical studies of {second}")
        yield from _other_studies(explanation, contrast.clinical, steps.citations)


def _shown_rows(contrast: Contrast) -> Sequence[ContrastRow]:
    order = {"first": 0, "second": 1, "both": 2}
    weightiest = sorted(contrast.rows, key=lambda row: -max(row.first_share, row.second_share))[:_ROWS_SHOWN]
    return sorted(weightiest, key=lambda row: (order[row.reached_by], -max(row.first_share, row.second_share)))


def _contrast_row(row: ContrastRow, first: str, second: str, citations: Citations) -> tuple[Text, ...]:
    reached = _REACHED[row.reached_by].format(first=first, second=second)
    what = cited(f"{state(row.node, row.state)} ({row.side})", citations.cite(row.evidence))
    return reached, share(row.first_share), share(row.second_share), what


def _own_paths(paths: Sequence[Path], key: str, steps: Steps) -> Bullets:
    shown = [
        path_item(path, f"the {key} drug's own {number}", steps, detailed=key == "second")
        for number, path in enumerate(paths[:_PATHS_SHOWN], 1)
    ]
    return Bullets(tuple(shown), numbered=True)


def _other_studies(
    explanation: Explanation, findings: Sequence[ClinicalFinding], citations: Citations
) -> Iterator[Block]:
    kinds = dict.fromkeys((finding.side, finding.evidence.stance) for finding in findings)
    for side, stance in kinds:
        rows = [f for f in findings if (f.side, f.evidence.stance) == (side, stance)]
        yield clinical_table(explanation, rows, side, stance, citations, before=name(explanation.question.source))


def deciding(explanation: Explanation, citations: Citations) -> Iterator[Block]:
    """Yield the measurements on which the two sides predict opposite directions."""
    if not explanation.deciding:
        return
    yield Heading(2, "Measurements that would decide", "deciding")
    yield Table(
        "On the drug these would move in opposite directions, by whichever side is at work",
        ("if benefit", "if harm", "seen so far", "what to measure"),
        tuple(_measurement(one, citations) for one in explanation.deciding[:_ROWS_SHOWN]),
    )
    if len(explanation.deciding) > _ROWS_SHOWN:
        yield Paragraph(f"The best {_ROWS_SHOWN} of {len(explanation.deciding)}.", note=True)


def _measurement(one: Measurement, citations: Citations) -> tuple[Text, ...]:
    seen = direction(one.observed) if one.observed else "mixed or not stated" if one.measured else "not measured"
    seen += f" (in {listed(one.where)})" if one.measured and one.where else ""
    marker = cited("(a known biomarker)", citations.cite(one.known)) if one.biomarker else ""
    what = joined([name(one.node), marker]) if marker else name(one.node)
    return direction(one.benefit), direction(one.harm), cited(seen, citations.cite(one.measured)), what


def measured_markers(explanation: Explanation, *, why: bool) -> Iterator[Block]:
    """Yield how well each side predicts the markers that were measured, and with `why` by which way."""
    test = explanation.observed
    if test is None:
        return
    yield Heading(2, "Measured markers, held against both sides", "observed")
    if test.sentence:
        yield Paragraph(test.sentence)
    if test.tests:
        yield Table(
            "How many markers moved as predicted; p is the chance of as many among random sets of like measured things",
            ("side", "predicted", "as predicted", "expected", "p", "random sets"),
            tuple(map(_test_row, test.tests)),
            frozenset({1, 2, 3, 4, 5}),
        )
    if sum(one.p_value is not None for one in test.tests) > 1:
        yield Paragraph(
            "Each p holds its own side against chance. The two cannot be compared with each other: a side that predicts other or "
            "more markers has other random sets, so the smaller p is not the likelier side.",
            note=True,
        )
    if test.pool:
        yield Paragraph(f"Random sets are drawn from {count(test.eligible, 'candidate')}: {test.pool.rstrip('.')}.", note=True)
    if test.markers:
        yield Table(
            "The markers",
            ("measured", "benefit predicts", "harm predicts", "marker"),
            tuple(map(_marker_row, test.markers)),
        )
    ways = [way for marker in test.markers for way in _ways(marker)] if why else []
    if ways:
        yield Paragraph("By which way each marker is predicted:")
        yield Bullets(tuple(Item(way) for way in ways))
    for words, names in (
        ("not in this graph", test.unknown), ("named ambiguously", test.ambiguous),
        ("moved both ways in different studies", test.contested),
    ):
        if names:
            yield Paragraph(f"{len(names)} {words}, left out: {', '.join(names)}.")


def _test_row(test: SideTest) -> tuple[Text, ...]:
    expected = "" if test.expected is None else f"{test.expected:.1f}"
    p = "no test" if test.p_value is None else f"{test.p_value:.2g}"
    if test.p_value is not None and test.least_p is not None:
        p += f" (least possible {test.least_p:.2g})"
    return test.side, str(test.predicted), str(test.agree), expected, p, f"{test.draws:,}"


def _marker_row(marker: Marker) -> tuple[Text, ...]:
    notes = [str(identifier(marker.study))] if marker.study else []
    notes += ["both sides predict it for the same reason"] if marker.shared else []
    notes += ["shows the disease itself, so in no test"] if marker.outcome else []
    words = [f"{direction(sign)}" if sign else "nothing" for sign in (marker.benefit, marker.harm)]
    return direction(marker.observed), *words, name(marker.node) + (f" ({'; '.join(notes)})" if notes else "")


def _ways(marker: Marker) -> Iterator[str]:
    """Yield how each side comes to what it predicts of a marker."""
    for side, path in (("benefit", marker.benefit_path), ("harm", marker.harm_path)):
        if path is not None:
            yield f"{name(marker.node)}, {side}: {chain(path)}"


def gaps(explanation: Explanation, citations: Citations) -> Iterator[Block]:
    """Yield what the graph does not know, and what authors supposed."""
    if explanation.missing:
        yield Heading(2, "What is missing", "missing")
        yield Bullets(tuple(Item(sentence) for sentence in explanation.missing))
    if explanation.hypotheses:
        yield Heading(2, "What authors supposed", "supposed")
        yield Paragraph("Suppositions count for nothing; they are told so that they can be tested.", note=True)
        by_text = dict.fromkeys(item.finding for item in explanation.hypotheses)
        yield Bullets(
            tuple(
                Item(cited(text, citations.cite(item for item in explanation.hypotheses if item.finding == text)))
                for text in by_text
            )
        )
