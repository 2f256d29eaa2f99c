"""Colours and style of the HTML page: light, dark, narrow and on paper; every pair of colours is proved readable by a test."""

from __future__ import annotations

from typing import Final

__all__ = ["COLOURS", "PAIRS", "style_sheet"]

#: Name of a colour → its value in the light and in the dark page.
COLOURS: Final = {
    "ink": ("#1a1a1a", "#e9e9e6"),
    "muted": ("#4d4d4d", "#b9bec4"),
    "paper": ("#ffffff", "#14171b"),
    "panel": ("#f5f6f8", "#1d2126"),
    "line": ("#c9ced5", "#454c55"),
    "link": ("#0b4f9e", "#8fbcf2"),
    "benefit": ("#0b4f9e", "#8fbcf2"),
    "benefit-tint": ("#edf3fb", "#15263b"),
    "harm": ("#a33a00", "#f3ad7d"),
    "harm-tint": ("#fdf1e8", "#33200f"),
    "warn": ("#6b4a00", "#f0d38a"),
    "warn-tint": ("#fff4d6", "#352a0c"),
}
#: Which text stands on which ground.
PAIRS: Final = (
    ("ink", "paper"), ("ink", "panel"), ("ink", "benefit-tint"), ("ink", "harm-tint"), ("muted", "paper"), ("muted", "panel"),
    ("link", "paper"), ("link", "panel"), ("link", "benefit-tint"), ("link", "harm-tint"), ("benefit", "paper"),
    ("benefit", "benefit-tint"), ("harm", "paper"), ("harm", "harm-tint"), ("warn", "warn-tint"),
)  # fmt: skip

_RULES = """
.ikg { color: var(--ink); background: var(--paper); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans",
  "DejaVu Sans", sans-serif; max-width: 62rem; margin: 0 auto; padding: 1.5rem; overflow-wrap: anywhere; text-align: left;
  color-scheme: light dark; }
.ikg * { box-sizing: border-box; }
.ikg h1 { font-size: 1.55rem; line-height: 1.25; margin: 0 0 1rem; font-weight: 650; }
.ikg h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.2rem 0 .6rem; padding-bottom: .25rem; font-weight: 650;
  border-bottom: 1px solid var(--line); }
.ikg h3 { font-size: 1.05rem; margin: 1.4rem 0 .4rem; font-weight: 650; }
.ikg p { margin: .5rem 0; max-width: 46rem; }
.ikg p.note { color: var(--muted); font-size: .9em; }
.ikg p.warning { color: var(--warn); background: var(--warn-tint); padding: .6rem .9rem; border-left: 4px solid var(--warn); }
.ikg a { color: var(--link); text-underline-offset: .15em; }
.ikg a:focus-visible, .ikg summary:focus-visible, .ikg .scroll:focus-visible {
  outline: 3px solid var(--link); outline-offset: 2px; }
.ikg .cite { white-space: nowrap; font-size: .85em; }
.ikg .cite a { text-decoration: none; padding: 0 .1em; }
.ikg .cite a:hover, .ikg .cite a:focus { text-decoration: underline; }
.ikg .verdicts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1rem;
  margin: 1.2rem 0; }
.ikg .verdict { border: 1px solid var(--line); border-radius: .5rem; padding: .9rem 1.1rem; }
.ikg .verdict h2 { border: 0; margin: 0 0 .3rem; padding: 0; font-size: 1.15rem; }
.ikg .benefit { background: var(--benefit-tint); border-left: 5px solid var(--benefit); }
.ikg .harm { background: var(--harm-tint); border-left: 5px double var(--harm); }
.ikg .benefit h2 { color: var(--benefit); } .ikg .harm h2 { color: var(--harm); }
.ikg .picture { margin: 1.4rem 0; }
.ikg .picture .scroll { overflow-x: auto; background: #ffffff; border: 1px solid var(--line); border-radius: .5rem;
  padding: .5rem; }
.ikg .picture svg { display: block; width: 100%; min-width: 44rem; height: auto; }
.ikg figcaption { color: var(--muted); font-size: .9rem; margin-top: .4rem; }
.ikg nav { background: var(--panel); border-radius: .5rem; padding: .7rem 1.1rem; margin: 1.2rem 0; font-size: .95rem; }
.ikg nav ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.3rem; }
.ikg nav li { margin: 0; }
.ikg ul, .ikg ol { margin: .5rem 0; padding-left: 1.7rem; }
.ikg li { margin: .3rem 0; }
.ikg li > ul { margin: .2rem 0; }
.ikg li li { font-size: .95em; }
.ikg li li li { font-size: 1em; }
.ikg ul.tree, .ikg ul.tree ul { list-style: none; padding-left: 0; }
.ikg ul.tree ul { padding-left: .9rem; margin-left: .3rem; border-left: 2px solid var(--line); }
.ikg details { margin: .2rem 0; }
.ikg summary { cursor: pointer; color: var(--link); font-size: .9em; width: fit-content; }
.ikg table { border-collapse: collapse; width: 100%; margin: .8rem 0 1.2rem; font-size: .95em; }
.ikg caption { text-align: left; font-weight: 600; padding: .3rem 0; }
.ikg th, .ikg td { text-align: left; vertical-align: top; padding: .4rem .7rem .4rem 0; border-bottom: 1px solid var(--line); }
.ikg th { font-weight: 600; color: var(--muted); border-bottom-width: 2px; white-space: nowrap; }
.ikg td { overflow-wrap: break-word; max-width: 16rem; }
.ikg td:last-child { width: 64%; max-width: none; overflow-wrap: anywhere; }
.ikg .number { text-align: right; font-variant-numeric: tabular-nums; padding-right: 1rem; }
.ikg footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .8rem; color: var(--muted); font-size: .9rem; }
.ikg ol.references { font-size: .92em; padding-left: 2.3rem; }
.ikg ol.references li:target { background: var(--panel); outline: 2px solid var(--line); }
@media (max-width: 40rem) {
  .ikg { padding: 1rem; }
  .ikg h1 { font-size: 1.4rem; }
  .ikg table, .ikg caption, .ikg tbody, .ikg tr, .ikg td { display: block; width: auto; }
  .ikg thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .ikg tr { border-bottom: 1px solid var(--line); padding: .4rem 0; }
  .ikg td, .ikg td:last-child, .ikg td.number { border: 0; padding: .1rem 0; width: auto; max-width: none; text-align: left; }
  .ikg td:empty { display: none; }
  .ikg td::before { content: attr(data-label) ": "; color: var(--muted); font-size: .9em; }
  .ikg ul, .ikg ol { padding-left: 1.3rem; }
}
@media print {
  .ikg { max-width: none; padding: 0; font-size: 10pt; }
  .ikg nav { display: none; }
  .ikg .verdict, .ikg tr, .ikg .picture, .ikg li li li { break-inside: avoid; }
  .ikg h2, .ikg h3, .ikg caption { break-after: avoid; }
  .ikg .picture svg { min-width: 0; }
}
"""


def style_sheet() -> str:
    """Return the style of a page, all of it below the class `ikg`, so that it restyles nothing beside it in a notebook."""
    light, dark = (
        " ".join(f"--{name}: {values[place]};" for name, values in COLOURS.items()) for place in (0, 1)
    )
    paper = f"@media print {{ .ikg {{ {light} }} }}"
    return f".ikg {{ {light} }}\n@media (prefers-color-scheme: dark) {{ .ikg {{ {dark} }} }}\n{paper}{_RULES}"
