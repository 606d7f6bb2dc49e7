"""The tutorial notebook → a page: its cells executed in order, what each shows below it."""

import re
from pathlib import Path

import nbformat
from nbclient import NotebookClient

_STYLE = re.compile(r"<style.*?</style>", re.S)
NOTEBOOK = Path(__file__).resolve().parents[1] / "tutorial.ipynb"


def executed() -> nbformat.NotebookNode:
    """The notebook with the outputs of a run from top to bottom; a cell that fails raises."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOK.parent)}}
    ).execute()
    return notebook


def page() -> str:
    """The executed notebook as Markdown."""
    blocks = []
    for cell in executed().cells:
        if cell.cell_type == "markdown":
            blocks.append(cell.source)
            continue
        blocks.append(f"```python\n{cell.source}\n```")
        blocks += [shown for output in cell.outputs if (shown := _shown(output))]
    return "\n\n".join(blocks) + "\n"


def _shown(output: nbformat.NotebookNode) -> str:
    data = output.get("data", {})
    if data.get("text/plain", "").startswith("Output("):  # the moving mark of something that takes long
        return ""
    if "image/png" in data:
        source = f"data:image/png;base64,{data['image/png'].strip()}"
        return f'<img alt="Chart drawn by the cell above" src="{source}">'
    if "text/html" in data:
        plain = _STYLE.sub("", data["text/html"]).replace(' border="1" class="dataframe"', "")
        return f'<div class="output" markdown="0">{plain}</div>'
    if "<pre" in data.get("text/html", ""):
        return ""
    text = data.get("text/plain") or (output.get("text") if output.get("name") == "stdout" else "")
    return f"```text\n{text.rstrip()}\n```" if text else ""
