"""Why a drug helps and why it harms: the parts of a two-sided answer, one module each, put together by `explain`."""

__all__: list[str] = []
