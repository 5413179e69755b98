"""The event IR: what every chat protocol can be read into and written from.

A request becomes a :class:`~mainspring.wire.events.request.ChatRequest`, an answer a sequence of
:mod:`~mainspring.wire.events.stream` events. Each wire format has one reader and one writer; no
format knows another. What a format cannot express is refused or named in ``dropped``, never lost
in silence.
"""
