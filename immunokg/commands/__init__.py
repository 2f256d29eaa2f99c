"""One module per command of ``immunokg``; each holds a click command called `command` and is imported only when called."""

__all__: list[str] = []
