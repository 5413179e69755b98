"""Values and rules of vendors: presets, and what tests of connections find."""
