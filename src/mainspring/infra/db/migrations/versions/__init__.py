"""One file per revision, named ``NNNN_subject.py``; a released revision is never edited."""
