"""A group of commands of which one is meant where none is named."""

from collections.abc import Sequence

import click


class DefaultGroup(click.Group):
    """Takes what is no command's name for the arguments of :attr:`default`."""

    default = "create"

    def spelled_out(self, words: Sequence[str]) -> list[str]:
        """Return ``words`` with the name of the command that is meant."""
        if not words or words[0] in self.commands or words[0] == "--help":
            return list(words)
        return [self.default, *words]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the group's own arguments."""
        return super().parse_args(ctx, self.spelled_out(args))
