"""The line editor: Enter, Tab, colours and the history of what was asked, at a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import has_focus, in_paste_mode, is_searching
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import History
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import Output

from immunokg.shell.completion import complete
from immunokg.shell.highlighting import STYLE, ShellLexer
from immunokg.shell.session import Shell
from immunokg.shell.statements import is_complete

__all__ = ["Prompter", "ShellCompleter"]


class ShellCompleter(Completer):
    """Completion for the line editor; entities are looked up while it runs, so it runs beside the typing."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002  # the library's form
        """Yield what may stand at the cursor."""
        chosen = self._shell.settings
        try:
            found = complete(
                document.text, document.cursor_position, chosen.language, self._shell.find, parameters=tuple(chosen.parameters)
            )
        except Exception:  # noqa: BLE001  # whatever is wrong with the graph, the next query says; Tab must not
            return
        for candidate in found:
            yield Completion(
                candidate.text, -candidate.replaced, display=candidate.shown or candidate.text, display_meta=candidate.about[:60]
            )


class Prompter:
    """Asks the user for the next text. `input` and `output` are the terminal unless others are given."""

    def __init__(self, shell: Shell, history: History, *, input: Input | None = None, output: Output | None = None) -> None:  # noqa: A002  # named as the library does
        self._shell = shell
        self._session: PromptSession[str] = PromptSession(
            message=self._message,
            multiline=True,
            prompt_continuation=self._continuation,
            lexer=ShellLexer(lambda: shell.settings.language),
            completer=ShellCompleter(shell),
            complete_while_typing=False,
            complete_in_thread=True,
            history=history,
            key_bindings=self._bindings(),
            bottom_toolbar=self._toolbar,
            style=STYLE,
            enable_open_in_editor=True,
            enable_suspend=True,
            tempfile_suffix=self._suffix,
            input=input,
            output=output,
        )

    def ask(self) -> str:
        """Return what the user typed, when it is complete.

        Raises KeyboardInterrupt for Ctrl-C, which clears the line, and EOFError for Ctrl-D on an empty one.
        """
        return self._session.prompt()

    def _message(self) -> StyleAndTextTuples:
        return [("class:prompt", self._shell.settings.prompt)]

    def _continuation(self, width: int, number: int, wrapped: int) -> StyleAndTextTuples:  # noqa: ARG002  # the library's form
        return [("class:prompt", "" if wrapped else "> ".rjust(width))]

    def _toolbar(self) -> str:
        chosen = self._shell.settings
        text = get_app().current_buffer.text
        if text.strip() and "\n" in text and not is_complete(text, chosen.language):
            return " ; or an empty line runs it (two inside brackets)"
        return f" {chosen.engine} · {chosen.format} · {chosen.timeout:g} s · {chosen.limit:,} rows · .help"

    def _suffix(self) -> str:
        return ".cypher" if self._shell.settings.language == "cypher" else ".rq"

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()
        typing = has_focus(DEFAULT_BUFFER) & ~is_searching

        @bindings.add("enter", filter=typing)
        def _(event: KeyPressEvent) -> None:
            """Take the completion that is chosen, or run what is complete, or go on in a new line."""
            buffer = event.current_buffer
            if buffer.complete_state is not None and buffer.complete_state.current_completion is not None:
                buffer.complete_state = None
            elif buffer.document.on_last_line and is_complete(buffer.text, self._shell.settings.language):
                buffer.validate_and_handle()
            else:
                buffer.newline(copy_margin=not in_paste_mode())

        @bindings.add("escape", "enter", filter=typing)
        def _(event: KeyPressEvent) -> None:
            """Go on in a new line, whatever was typed."""
            event.current_buffer.newline(copy_margin=not in_paste_mode())

        return bindings
