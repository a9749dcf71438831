"""What Pyodide offers to a Worker, on native CPython: proxies, conversions, stack switching."""

from flarelocal.pyodide import host_proxy as host_proxy  # fills the tables of the boundary
