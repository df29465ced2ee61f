"""The site of the documentation: ``make docs``, or ``sphinx-build -W docs FOLDER``."""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from reference import write_reference  # noqa: E402

write_reference(HERE / "reference")

project = "transfergraph"
author = "transfergraph"
copyright = "the authors of transfergraph, MIT"
version = release = version_of("transfergraph")
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["explore.ipynb", "endpoint.ipynb"]
suppress_warnings = [
    "misc.highlighting_failure"
]  # Pygments knows neither CSV nor numbers such as 5.08e1 in Turtle
myst_heading_anchors = 3
autodoc_typehints = "signature"
autodoc_member_order = "bysource"

html_theme = "furo"
html_title = f"transfergraph {release}"
html_last_updated_fmt = None
