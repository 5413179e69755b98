"""Declared configuration: ``documents`` reads the files, ``steps`` compares and carries out."""
