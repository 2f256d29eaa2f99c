"""``python -m immunokg`` is the ``immunokg`` command."""

import sys

from immunokg.cli import main

sys.exit(main())
