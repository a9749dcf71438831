"""`python -m flarelocal`."""

from flarelocal.cli import main

main()
