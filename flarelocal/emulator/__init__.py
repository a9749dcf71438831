"""The composition root: every part of flarelocal, built from the configurations of Workers."""

from flarelocal.emulator.deployment import Deployment
from flarelocal.emulator.emulator import Emulator
from flarelocal.emulator.errors import StartError
from flarelocal.emulator.program import Program

__all__ = ["Deployment", "Emulator", "Program", "StartError"]
