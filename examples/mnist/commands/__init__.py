"""The command line: a group, and a file for each command in it, loaded when the command is called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from examples.mnist.suggestions import unknown

__all__ = ["COMMANDS", "mnist"]

COMMANDS = {
    "train": "Train a model, and print its accuracy on the test images.",
    "evaluate": "Everything about a trained model, in one folder with one HTML page.",
    "predict": "Tell which digit is in an image file.",
    "try": "Show images of the test set, and what the model takes them for.",
    "sweep": "Train several configurations, and compare them.",
    "tune": "Search for good settings.",
    "ladder": "Train every row of the table of systems, and print our figures beside theirs.",
    "diagnose": "Find out why a training does not go well.",
    "info": "What is installed here, and how this machine computes.",
    "menu": "All of this by numbers and prompts.",
}
RESERVED = ("try",)  # Python's; the file and the function have an underscore at the end


class Commands(click.Group):
    """A group whose commands are looked for in the files beside this one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in their order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, None for an unknown one."""
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if cmd_name in RESERVED else cmd_name
        command: click.Command = getattr(import_module(f"{__name__}.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called, or suggest the nearest.

        Raises:
            UsageError: there is none of that name.
        """
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(unknown("command", args[0], COMMANDS))
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)
@click.pass_context
def mnist(context: click.Context) -> None:
    """Recognise handwritten digits with tapegrad: train models, look at what they do, and use them.

    Without a command, the menu is opened in a terminal.
    """
    if context.invoked_subcommand is None:
        if not sys.stdin.isatty():
            click.echo(context.get_help(), err=True)
            context.exit(2)
        context.invoke(import_module(f"{__name__}.menu").menu)
