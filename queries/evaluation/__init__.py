"""How right are the answers: rankings of mechanisms against curated paths, and readers against human labels.

`paths.evaluate_paths` asks for the mechanism of each curated drug-disease pair while what its own records say is hidden;
`calibration.evaluate_readers` estimates how often each reader or database is right.
"""

from __future__ import annotations
