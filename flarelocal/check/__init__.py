"""What can be said of a Worker without running it: its configuration, its crons, its code."""

from flarelocal.check.code import check_code, check_main
from flarelocal.check.crons import check_crons
from flarelocal.check.findings import Findings

__all__ = ["Findings", "check_code", "check_crons", "check_main"]
