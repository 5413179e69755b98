"""The whole platform; a package, so that the shared platform ends with its last test."""
