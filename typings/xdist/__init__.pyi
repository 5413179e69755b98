# The part of pytest-xdist that we use.
