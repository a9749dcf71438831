"""The configuration of a Worker, read as wrangler reads it.

`load_config` finds and checks a wrangler file and gives an immutable `WorkerConfig`.
"""

from flarelocal.config.diagnostics import ConfigError, Diagnostic
from flarelocal.config.document import Position
from flarelocal.config.load import LoadedConfig, load_config
from flarelocal.config.worker import WorkerConfig

__all__ = [
    "ConfigError",
    "Diagnostic",
    "LoadedConfig",
    "Position",
    "WorkerConfig",
    "load_config",
]
