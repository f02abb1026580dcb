"""Renews requirements/*.txt from the *.in beside them: every version with its hashes, no address.

uv resolves for every platform at once; it is fetched into a folder of its own for this.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UV = "uv==0.13.9"
HEADER = "# Made by `make pins` from {name}.in: every version, with the hashes of its files.\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "--target", folder, UV], check=True)
        for name in ("app", "dev"):
            pinned = Path("requirements", f"{name}.txt")
            subprocess.run(
                [
                    str(Path(folder, "bin", "uv")),
                    *("pip", "compile", "--quiet", "--upgrade", "--universal"),
                    *("--python-version", "3.11", "--generate-hashes"),
                    *("--no-emit-index-url", "--no-emit-find-links", "--no-header"),
                    *(f"requirements/{name}.in", "-o", str(pinned)),
                ],
                cwd=ROOT,
                check=True,
            )
            text = (ROOT / pinned).read_text(encoding="utf-8")
            (ROOT / pinned).write_text(HEADER.format(name=name) + text, encoding="utf-8")


if __name__ == "__main__":
    main()
