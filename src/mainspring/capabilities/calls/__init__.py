"""What was observed of calls: their contents as far as projects keep them, their spans, and what
people thought of the answers.

May enter: records of calls, spans, scores, their search and their end. Must never know: bills
(metering has those), or how a gateway observes. Nothing here may hold up what is counted.
"""
