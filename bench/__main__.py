"""Run every comparison one after another and write what they print, with the machine, to docs/benchmarks.md.

`python -m bench` takes about an hour and three quarters on two cores; `python -m bench seasonal report` runs those two
alone and keeps the rest of the page. Nothing else should be at work on the machine.
"""

import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path

import psutil

from bench.measure import measured
from bn_analysis.settings import versions

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
TITLES = {
    "index": "Index: accuracy on simulated truth, cost, provinces of 2006–2010 with most figures hidden",
    "combine": "A territory made of two: simulated mergers, every published figure predicted by the others",
    "seasonal": "Seasonal adjustment beside statsmodels, the bare program and JDemetra+",
    "book": "Reviewed specifications beside identification anew, on 36 vintages of the country",
    "tet": "What taking Tết out does",
    "cycle": "Replay of sixty years of vintages",
    "chain": "The whole chain on provinces of known history, printed as sparsely as Bắc Ninh",
    "scale": "Replay of all national vintages and industries with 1 and 2 workers and a dask cluster",
    "report": "One month and a backfill beside papermill and nbconvert, a run with nothing new, the start",
}


def main(names: list[str]) -> None:
    """Run the named comparisons, all by default."""
    unknown = sorted(set(names) - set(TITLES))
    if unknown:
        raise SystemExit(f"python -m bench: unknown {', '.join(unknown)}; expected some of {', '.join(TITLES)}")
    sections = kept()
    for name in names or TITLES:
        print(f"== {name}", flush=True)
        sections[name] = section(name)
    body = "\n".join(sections[name] for name in TITLES if name in sections)
    PAGE.write_text(f"{heading()}\n{body}", encoding="utf-8")


def kept() -> dict[str, str]:
    """Sections of the page as it stands, by name."""
    if not PAGE.is_file():
        return {}
    parts = re.findall(r"<!--(\w+)-->\n(.*?)<!--end-->\n", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    return {name: f"<!--{name}-->\n{text}<!--end-->\n" for name, text in parts}


def section(name: str) -> str:
    """Run one comparison in a process of its own; its lines, its time and the memory of all its processes."""
    command = [sys.executable, "-m", f"bench.bench_{name}"]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    lines = []
    with (
        measured(own=False) as seen,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    if process.returncode != 0:
        raise SystemExit(f"bench_{name} failed")
    told = f"{time.strftime('%Y-%m-%d')}, {seen.seconds / 60:.1f} minutes, at most {seen.megabytes:.0f} MB at once"
    return f"<!--{name}-->\n## {TITLES[name]}\n{told}\n```\n{''.join(lines)}```\n<!--end-->\n"


def heading() -> str:
    """What was measured and on what machine."""
    memory = psutil.virtual_memory().total / 2**30
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB"
    return f"""# Benchmarks
Written by `make bench`; each section says when it ran. In a section every contestant runs in turn in one run on one
machine; times are the best or the median of the rounds as it says. Memory is the largest sum, over all processes of a
contestant, of what each holds for itself (proportional set size), sampled five times a second. "ours / this" below 1
means that ours is faster. Where the time goes, and how near each path is to its limit: [hot paths](hot-paths.md).

Machine: {machine}. Python {platform.python_version()}, {versions()}.
"""


if __name__ == "__main__":
    main(sys.argv[1:])
