"""The JavaScript heap as Python values: see `flarelocal.javascript.values` for how each looks."""
