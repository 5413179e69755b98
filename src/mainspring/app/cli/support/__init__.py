"""What somebody who helps needs to know of an installation, without any of its secrets.

Four fences, each of which would do for most: only members, settings and fields of log lines that
are named here are taken; settings that can be secrets are only said to be set; every secret that
this machine holds is looked for and taken out; and what looks like one is, too.
"""
