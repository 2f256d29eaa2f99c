"""How wide text is in DejaVu Sans, without a font library: one table, so that SVG, PDF and PNG agree.

The advance widths (thousandths of the type size) were read from DejaVu Sans and DejaVu Sans Bold 2.37, the fonts that
matplotlib ships and embeds. Kerning is left out, so a real line is never wider than measured here.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

__all__ = ["ASCENT", "DESCENT", "FONT_FAMILY", "clean_text", "fit_end", "fit_start", "text_width", "wrap"]

#: Families for screens; the first is the one measured, the second is drawn on the same widths.
FONT_FAMILY: Final = "'DejaVu Sans', 'Bitstream Vera Sans', Verdana, Geneva, sans-serif"
#: Height of capitals above, and depth of descenders below the base line, in parts of the type size.
ASCENT: Final = 0.74
DESCENT: Final = 0.21

_WIDE: Final = 1000
_OTHER: Final = 880
#: No figure shows more characters of one text; bounds the work on hostile names.
_LONGEST: Final = 600

_REGULAR: Final = (
    # from U+0020
    (
        0x20,
        (
            "318 401 460 838 636 950 780 275 390 390 500 838 318 361 318 337 636 636 636 636 636 636 636 636 636 "
            "636 337 337 838 838 838 531 1000 684 686 698 770 632 575 775 752 295 295 656 557 863 748 787 603 787 "
            "695 635 611 732 684 989 685 611 685 390 337 390 838 500 500 613 635 550 635 615 352 635 634 278 278 "
            "579 278 974 634 612 635 635 411 521 392 634 592 818 592 592 525 636 337 636 838 "
        ),
    ),
    # from U+00A0
    (
        0xA0,
        (
            "318 401 636 636 636 636 337 500 500 1000 471 612 838 361 1000 500 500 838 401 401 500 636 636 318 "
            "500 401 471 612 969 969 969 531 684 684 684 684 684 684 974 698 632 632 632 632 295 295 295 295 775 "
            "748 787 787 787 787 787 838 787 732 732 732 732 611 605 630 613 613 613 613 613 613 982 550 615 615 "
            "615 615 278 278 278 278 612 634 612 612 612 612 612 838 612 634 634 634 634 592 635 592 684 613 684 "
            "613 684 613 698 550 698 550 698 550 698 550 770 635 775 635 632 615 632 615 632 615 632 615 632 615 "
            "775 635 775 635 775 635 775 635 752 634 916 695 295 278 295 278 295 278 295 278 295 278 590 556 295 "
            "278 656 579 579 557 278 557 278 557 375 557 342 562 284 748 634 748 634 748 634 813 748 634 787 612 "
            "787 612 787 612 1070 1023 695 411 695 411 695 411 635 521 635 521 635 521 635 521 611 392 611 392 "
            "611 392 732 634 732 634 732 634 732 634 732 634 732 634 989 818 611 592 611 685 525 685 525 685 525 "
            "352 "
        ),
    ),
    # from U+0391
    (
        0x391,
        (
            "684 686 557 684 632 685 752 787 295 656 684 863 748 632 787 752 603 0 632 611 611 787 685 787 764 "
            "295 611 659 541 634 338 579 659 638 592 612 541 544 634 612 338 589 592 636 559 558 612 602 635 587 "
            "634 602 579 660 578 660 837 "
        ),
    ),
    # from U+2010
    (0x2010, "361 361 636 500 1000 1000 500 500 318 318 318 318 518 518 518 518 500 500 590 590 334 667 1000 "),
    # from U+2190
    (0x2190, "838 838 838 838 838 838 "),
)

_BOLD: Final = (
    # from U+0020
    (
        0x20,
        (
            "348 456 521 838 696 1002 872 306 457 457 523 838 380 415 380 365 696 696 696 696 696 696 696 696 696 "
            "696 400 400 838 838 838 580 1000 774 762 734 830 683 683 821 837 372 372 775 637 995 837 850 733 850 "
            "770 720 682 812 774 1103 771 724 725 457 365 457 838 500 500 675 716 593 716 678 435 716 712 343 343 "
            "665 343 1042 712 687 716 716 493 595 478 712 652 924 645 652 582 712 365 712 838 "
        ),
    ),
)

_SIGNS: Final = {"−": 838, "≥": 838, "≤": 838, "≠": 838, "≈": 838, "∅": 871, "▲": 769, "▼": 769, "◆": 769, "⊣": 871}


@cache
def _table(bold: bool) -> dict[str, int]:
    """Return character → width in thousandths of the type size."""
    widths: dict[str, int] = {}
    for start, numbers in _REGULAR:
        for offset, number in enumerate(numbers.split()):
            widths[chr(start + offset)] = int(number)
    widths.update(_SIGNS)
    if bold:
        widths = {character: round(width * 1.16) for character, width in widths.items()}
        for start, numbers in _BOLD:
            widths.update((chr(start + i), int(number)) for i, number in enumerate(numbers.split()))
    return widths


def _unknown_width(character: str) -> int:
    """Return a width for a character that the table lacks: full for East Asian, none for combining marks."""
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return _WIDE if unicodedata.east_asian_width(character) in ("W", "F") else _OTHER


def clean_text(text: str) -> str:
    """Return the text as one line that XML 1.0 can hold: white space squeezed, control characters replaced.

    Control, surrogate and unassigned characters and the marks that turn the reading direction become U+FFFD, so that
    a name cannot hide or reorder what is drawn.

    >>> clean_text("IL-4Rα" + chr(0) + "  chain")
    'IL-4Rα� chain'
    """
    out = []
    for character in " ".join(text.split()):
        category = unicodedata.category(character)
        hostile = category in ("Cc", "Cs", "Cn") or (category == "Cf" and character not in "\u200c\u200d\u00ad")
        out.append("\ufffd" if hostile else character)
    return "".join(out)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of one line at a type size, in the unit of that size.

    >>> round(text_width("STAT6", 10.0), 2)
    31.77
    """
    table = _table(bold)
    total = sum(table[c] if c in table else _unknown_width(c) for c in text)
    return total * size / 1000


def fit_end(text: str, size: float, width: float) -> str:
    """Return the text, its end cut and marked with an ellipsis when it is wider than `width`.

    >>> fit_end("loss of immune privilege", 6.0, 60.0)
    'loss of immune p…'
    """
    text = text[:_LONGEST]
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def fit_start(text: str, size: float, width: float) -> str:
    """Return the text, its beginning cut and marked when it is too wide: the number at the end of a condition stays.

    >>> fit_start("baseline serum total IgE ≥ 200 IU/mL", 6.0, 80.0)
    '… total IgE ≥ 200 IU/mL'
    """
    text = text[-_LONGEST:]
    if text_width(text, size) <= width:
        return text
    while text and text_width("… " + text, size) > width:
        text = text[1:]
    _, space, rest = text.partition(" ")
    return "… " + rest if space else "…" + text


def _pieces(word: str, size: float, width: float) -> list[str]:
    """Cut a word that is wider than a line: after a hyphen or slash if one is there, else with a hyphen."""
    pieces: list[str] = []
    while text_width(word, size) > width and len(word) > 3:
        count = len(word)
        while count > 2 and text_width(word[:count] + "-", size) > width:
            count -= 1
        natural = max((i + 1 for i, c in enumerate(word[:count]) if c in "-/–,:" and i > 0), default=0)
        if natural:
            pieces.append(word[:natural])
            word = word[natural:]
        else:
            count = _hyphen(word, count)
            pieces.append(word[:count] + "-")
            word = word[count:]
    return [*pieces, word]


def _hyphen(word: str, most: int) -> int:
    """Return where to hyphenate within `most` letters: after a vowel and before a consonant if it can be, 3 left over."""
    most = max(2, min(most, len(word) - 3))
    for count in range(most, max(2, most - 5), -1):
        if word[count - 1].lower() in "aeiouy" and word[count].lower() not in "aeiouy":
            return count
    return most


def wrap(text: str, size: float, width: float, *, lines: int = 3) -> list[str]:
    """Return the text in at most `lines` lines no wider than `width`, the last one cut with an ellipsis if need be.

    Lines are broken at spaces; a word that is wider than a line is cut at a hyphen or slash, else hyphenated. Among
    the ways with the fewest lines one with even lines is taken.

    >>> wrap("type 2 immune response", 6.0, 50.0)
    ['type 2 immune', 'response']
    """
    tokens: list[tuple[str, bool]] = []
    for word in clean_text(text)[:_LONGEST].split(" "):
        for index, piece in enumerate(_pieces(word, size, width)):
            tokens.append((piece, index == 0))
    full = _fill(tokens, size, width)
    if len(full) > lines:
        kept = full[: lines - 1]
        return [*kept, fit_end(full[lines - 1] + "…", size, width) if width else ""]
    low, high = 0.0, width
    for _ in range(8):
        middle = (low + high) / 2
        if len(_fill(tokens, size, middle)) > len(full) or any(text_width(t, size) > middle for t, _ in tokens):
            low = middle
        else:
            high = middle
    return _fill(tokens, size, high)


def _fill(tokens: list[tuple[str, bool]], size: float, width: float) -> list[str]:
    """Fill lines greedily; a piece of a cut word starts a line of its own."""
    lines: list[str] = []
    for token, new_word in tokens:
        joined = f"{lines[-1]} {token}" if lines and new_word else ""
        if joined and text_width(joined, size) <= width:
            lines[-1] = joined
        else:
            lines.append(token)
    return lines
