"""A picture as PDF, PNG or EPS by matplotlib: the same shapes, the font embedded, the same bytes each time."""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING, Any, Final, Literal

from ontologies.errors import MissingPart
from queries.figures.picture import Outline, Picture, Shape, Words

if TYPE_CHECKING:
    from matplotlib.path import Path as OutlinePath

__all__ = ["to_paper"]

_DPI: Final = 300
#: Fonts embedded as TrueType, so that text can be edited; text never read as markup.
_SETTINGS: Final[dict[str, Any]] = {
    "pdf.fonttype": 42, "ps.fonttype": 42, "text.usetex": False, "font.family": ["DejaVu Sans"],
    "text.hinting": "none", "text.antialiased": True, "path.simplify": False, "savefig.dpi": _DPI,
    "pdf.compression": 6, "text.parse_math": False, "axes.unicode_minus": True, "path.sketch": None,
    "path.effects": [], "agg.path.chunksize": 0, "savefig.bbox": None,
}  # fmt: skip


def to_paper(picture: Picture, form: Literal["pdf", "png", "eps"]) -> bytes:
    """Return the picture as the bytes of a file; PNG at 300 dots an inch.

    Raises `ontologies.errors.MissingPart` when matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
        from matplotlib.transforms import Affine2D
    except ImportError as error:
        raise MissingPart("matplotlib (figures as PDF, PNG and EPS)", "pip install 'matplotlib>=3.9'") from error
    scale = picture.scale
    size = (picture.width * scale / 72, picture.height * scale / 72)
    settings: Any = _SETTINGS
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+", category=UserWarning)
        figure = Figure(figsize=size, facecolor="white")
        to_page = Affine2D().scale(scale, -scale).translate(0, picture.height * scale).scale(1 / 72)
        transform = to_page + figure.dpi_scale_trans
        order = 0
        for group in picture.groups:
            for part in group.parts:
                order += 1
                artist = _shape(part, scale) if isinstance(part, Shape) else _words(part, scale)
                artist.set_transform(transform)
                artist.set_zorder(order)
                figure.add_artist(artist, clip=False)
        out = io.BytesIO()
        figure.savefig(out, format=form, dpi=_DPI, metadata=_metadata(picture, form))
    return _undated(out.getvalue()) if form == "eps" else out.getvalue()


def _metadata(picture: Picture, form: str) -> dict[str, Any]:
    """Name the figure and its maker; no dates, no versions, so that the bytes do not change."""
    if form == "pdf":
        return {"Title": picture.title, "Subject": picture.description, "Creator": "ImmunoKG", "Producer": None,
                "CreationDate": None}  # fmt: skip
    if form == "png":
        return {"Title": picture.title, "Description": picture.description, "Software": "ImmunoKG"}
    return {"Creator": "ImmunoKG"}


def _undated(data: bytes) -> bytes:
    return re.sub(rb"%%CreationDate: [^\n]*", b"%%CreationDate: (none)", data)


def _shape(shape: Shape, scale: float) -> Any:
    from matplotlib.patches import PathPatch

    dash: Any = "solid"
    if shape.dash:
        # matplotlib multiplies dashes by the line width
        dash = (0.0, [d / shape.width for d in shape.dash])
    return PathPatch(
        _outline(shape.outline),
        facecolor=shape.fill or "none",
        edgecolor=shape.stroke or "none",
        linewidth=shape.width * scale if shape.stroke else 0.0,
        linestyle=dash,
        capstyle="butt",
        joinstyle="miter",
    )


def _outline(outline: Outline) -> OutlinePath:
    from matplotlib.path import Path as OutlinePath

    codes: list[int] = []
    points: list[tuple[float, float]] = []
    for command, *values in outline:
        numbers = [float(value) for value in values]
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "Z":
            codes.append(int(OutlinePath.CLOSEPOLY))
            points.append((0.0, 0.0))
            continue
        code = {"M": OutlinePath.MOVETO, "L": OutlinePath.LINETO, "C": OutlinePath.CURVE4}[str(command)]
        codes += [int(code)] * len(pairs)
        points += pairs
    return OutlinePath(points, codes)


def _words(words: Words, scale: float) -> Any:
    from matplotlib.text import Text

    align: Any = {"start": "left", "middle": "center", "end": "right"}[words.anchor]
    return Text(
        words.x, words.y, words.text,
        fontsize=words.size * scale, color=words.colour, horizontalalignment=align, verticalalignment="baseline",
        fontweight="bold" if words.bold else "normal", fontfamily="DejaVu Sans", parse_math=False,
    )  # fmt: skip
