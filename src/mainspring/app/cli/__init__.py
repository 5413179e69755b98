"""The command line. One module a command, loaded only when that command runs.

May enter: options, output, and the calls that a command makes to control, gateway or supervisor.
Must never know: rules; whatever a command decides, the API behind it decides for everybody.
"""
