"""Settings of Sphinx.

The source folder is the root of the repository, and every Markdown file in it is a page. A link
between two of them is therefore right both here and where the repository is read.
"""

import re
import sys
from pathlib import Path

from breathe.directives.file import DoxygenFileDirective
from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "python"))

project = "stratem"
author = "stratem authors"
project_copyright = "2026, stratem authors"
_version = re.search(r"VERSION (\d+\.\d+\.\d+)", (ROOT / "CMakeLists.txt").read_text())
assert _version
release = _version.group(1)
version = release
if f"\nversion: {release}\n" not in (ROOT / "CITATION.cff").read_text():
    raise ValueError(f"CITATION.cff: version is not {release}, which CMakeLists.txt states")

root_doc = "docs/index"
include_patterns = ["**.md"]
exclude_patterns = [".*", "build*", "out"]
extensions = [
    "breathe",
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
]

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

# The extension module is not built for the documentation. Its callers are pure Python.
autodoc_mock_imports = ["stratem._core"]
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings state the types
autodoc_default_options = {"members": True}
default_role = "py:class"  # not obj: arguments have names that properties have too
numpydoc_show_class_members = False  # autodoc shows them

breathe_projects = {"stratem": str(ROOT / "build" / "docs" / "doxygen")}
breathe_default_project = "stratem"
breathe_show_include = False
# Every header opens the namespace stratem, and Breathe declares it each time.
suppress_warnings = ["duplicate_declaration.cpp"]

html_theme = "furo"
html_title = f"stratem {release}"
html_extra_path = ["site"]
html_copy_source = False


class Header(DoxygenFileDirective):
    """What a header declares publicly: ``.. header:: plan.hpp``."""

    def run(self) -> list:
        self.options["sections"] = (
            "innernamespace innerclass define enum typedef var func public-type public-func "
            "public-static-func public-attrib public-static-attrib "
            "briefdescription detaileddescription"
        )
        return super().run()


def setup(app: Sphinx) -> None:
    app.add_directive("header", Header)
