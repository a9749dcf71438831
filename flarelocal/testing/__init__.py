"""Testing Workers with pytest: the fixture `flare`, and what tests import."""
