"""Known vulnerabilities in the pinned requirements, by pip-audit.

By itself pip-audit ends with success when it could look up nothing. So it is first asked about an
old release that has known ones: where it doesn't find them, advisories can't be reached, and this
says so instead of passing for a check.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KNOWN_TO_BE_VULNERABLE = "jinja2==2.10"


def main() -> None:
    if not _advisories_reached():
        print("pip-audit wasn't run: advisories can't be reached from here.")
        return
    done = _pip_audit("--require-hashes", "-r", "requirements/dev.txt")
    answer = _answer(done)
    if answer is None:
        print(done.stderr, file=sys.stderr)
        raise SystemExit("pip-audit failed; the lines above say why.")
    for name, advisories in answer.items():
        for advisory in advisories:
            print(f"{name}: {advisory}")
    if done.returncode != 0:
        raise SystemExit(1)
    print(f"pip-audit: no known vulnerability in {len(answer)} requirements.")


def _advisories_reached() -> bool:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(KNOWN_TO_BE_VULNERABLE + "\n")
        file.flush()
        answer = _answer(_pip_audit("--no-deps", "-r", file.name))
    return answer is not None and any(answer.values())


def _pip_audit(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "pip_audit", "--strict", "--disable-pip"),
            *("--progress-spinner", "off", "--timeout", "20", "--format", "json"),
            *arguments,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def _answer(done: subprocess.CompletedProcess[str]) -> dict[str, list[str]] | None:
    """Requirement → ids of its advisories; None where pip-audit gave no report."""
    try:
        dependencies = json.loads(done.stdout)["dependencies"]
        return {
            f"{each['name']} {each['version']}": [found["id"] for found in each["vulns"]]
            for each in dependencies
        }
    except (ValueError, KeyError, TypeError):
        return None


if __name__ == "__main__":
    main()
