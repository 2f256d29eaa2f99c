"""The build compiles the path search in C, if the machine has a compiler; without it the wheel is pure Python and works.

The result is a plain shared library that knows nothing of Python, so one wheel serves every Python 3 of a platform. Set
IMMUNOKG_NO_KERNEL=1 to leave it out, CC and CFLAGS to choose compiler and flags. See docs/decisions/0008-*.md.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import zlib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ENGINE = Path("queries", "engine")
LIBRARY = "libkernel" + {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")


def find_compiler() -> list[str] | None:
    """Return the command of the C compiler: that of CC, or the system's; None if there is none."""
    chosen = shlex.split(os.environ.get("CC", ""))
    if chosen:
        return chosen if shutil.which(chosen[0]) else None
    names = ("cl", "clang", "gcc") if sys.platform == "win32" else ("cc", "gcc", "clang")
    return next(([name] for name in names if shutil.which(name)), None)


def compile_kernel(root: Path, compiler: list[str]) -> None:
    """Compile kernel.c beside its source, whole or not at all; raises subprocess.CalledProcessError or OSError."""
    source, library = root / ENGINE / "kernel.c", root / ENGINE / LIBRARY
    part = library.with_name(f"{LIBRARY}.{os.getpid()}.part")
    define = f"SOURCE={zlib.crc32(source.read_bytes())}u"
    if Path(compiler[0]).stem.lower() == "cl":
        command = [*compiler, "/nologo", "/O2", "/LD", f"/D{define}", str(source), f"/Fe:{part}", f"/Fo:{part}.obj"]
    else:
        command = [*compiler, "-O3", "-fPIC", "-shared", "-fvisibility=hidden", "-Wall", "-Wextra", f"-D{define}"]
        command += [*shlex.split(os.environ.get("CFLAGS", "")), str(source), "-o", str(part)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
        part.replace(library)
    finally:
        for left in part.parent.glob(f"{part.name}*"):
            left.unlink()


class CustomBuildHook(BuildHookInterface[Any]):
    """Puts the compiled kernel into the wheel, and beside its source in an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling names it
        """Compile before the files of the wheel are collected."""
        compiler = None if os.environ.get("IMMUNOKG_NO_KERNEL") else find_compiler()
        if compiler is None:
            self.app.display_warning("no C kernel: large graphs are searched in Python, with the same answers but slower")
            return
        try:
            compile_kernel(Path(self.root), compiler)
        except (OSError, subprocess.CalledProcessError) as error:
            self.app.display_warning(f"no C kernel, {error}: {getattr(error, 'stderr', '')}")
            return
        build_data["artifacts"].append(f"/{(ENGINE / LIBRARY).as_posix()}")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
