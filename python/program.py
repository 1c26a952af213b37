#!python
"""The script `stratem`: becomes the program that lies in the package, and tells it which Python
has the package. The package itself is not imported, because that would take longer."""

import importlib.util
import os
import sys

package = importlib.util.find_spec("stratem")
folders = (package and package.submodule_search_locations) or []
programs = [os.path.join(folder, "bin", "stratem") for folder in folders]
program = next(filter(os.path.exists, programs), None)
if program is None:
    sys.exit("stratem: the Python package stratem has no program")
os.environ.setdefault("STRATEM_PYTHON", sys.executable)
os.execv(program, ["stratem", *sys.argv[1:]])
