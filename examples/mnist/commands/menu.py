"""`menu`: everything by numbers and prompts, for who does not want to learn options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from rich.panel import Panel

from examples.mnist.asking import ask, number_in, several
from examples.mnist.commands import mnist
from examples.mnist.commands.train import introduce, perform
from examples.mnist.data import load
from examples.mnist.display import console, say
from examples.mnist.failures import INTERRUPTED, told_plainly
from examples.mnist.models import MODELS
from examples.mnist.options import settings_of
from examples.mnist.runs import newest
from examples.mnist.settings import KINDS, Settings

__all__ = ["menu"]

MOST = 1000


def download() -> None:
    """Fetch the data, unless they are here already."""
    with told_plainly():
        introduce(load(Settings()))


def train() -> None:
    """Ask for a model and a number of epochs, and train."""
    for name, model in MODELS.items():
        say(f"  {name:13} {model.summary}")
    overrides: dict[str, Any] = {"model": ask("which model", KINDS["model"].read, "mlp")}
    overrides["epochs"] = ask("how many epochs", number_in(1, MOST), str(settings_of(None, overrides).epochs))
    with told_plainly():
        perform(settings_of(None, overrides))


def evaluate() -> None:
    """Write the report of the newest training, or of the model that comes with the program."""
    call("evaluate")


def try_samples() -> None:
    """Show images of the test set, and what the newest model takes them for."""
    count = ask("how many images", number_in(1, 100), "5")
    run = newest()
    call("try", "--count", str(count), *([] if run is None else ["--run", str(run.folder)]))


def predict() -> None:
    """Tell which digit is in an image file."""
    call("predict", ask("which file", str))


def several_configurations() -> None:
    """Train some models at some learning rates, and compare them."""
    models = ask("which models", several(KINDS["model"].read), "linear10,mlp128,mlp")
    rates = ask("which learning rates", several(KINDS["lr"].read), "0.001,0.01")
    epochs = ask("how many epochs", number_in(1, MOST), "3")
    sets = (f"model={','.join(models)}", f"lr={','.join(map(str, rates))}", f"epochs={epochs}")
    call("sweep", *(part for each in sets for part in ("--set", each)))


def information() -> None:
    """What is installed, and how this machine computes."""
    call("info")


ITEMS: tuple[tuple[str, Callable[[], None]], ...] = (
    ("download the data", download),
    ("train a model", train),
    ("evaluate a model", evaluate),
    ("try samples", try_samples),
    ("recognise an image file", predict),
    ("train several configurations", several_configurations),
    ("information", information),
)


def call(name: str, *arguments: str) -> None:
    """Run another command of the program."""
    command = mnist.get_command(click.get_current_context(), name)
    assert command is not None
    command.main(list(arguments), prog_name=f"python -m examples.mnist {name}", standalone_mode=False)


@click.command()
def menu() -> None:
    """All of this by numbers and prompts.

    Ctrl-C ends what is being done, and at the menu itself the program. So does the end of the input.
    """
    while True:
        lines = [f"{number}  {title}" for number, (title, _) in enumerate([*ITEMS, ("exit", None)], 1)]
        console().print(Panel("\n".join(lines), title="handwritten digits", expand=False, padding=(0, 2)))
        try:
            chosen = ask("your choice", number_in(1, len(ITEMS) + 1))
        except KeyboardInterrupt:
            say("")
            raise SystemExit(INTERRUPTED) from None
        except EOFError:
            chosen = len(ITEMS) + 1
            say("")
        if chosen > len(ITEMS):
            say("good-bye")
            return
        _do(ITEMS[chosen - 1][1])


def _do(item: Callable[[], None]) -> None:
    """Do something, and come back to the menu whatever happens."""
    try:
        item()
    except click.ClickException as error:
        error.show()
    except (KeyboardInterrupt, click.Abort):
        say("\nstopped; back to the menu")
    except EOFError:
        say("")
    except SystemExit:  # how commands end that were interrupted; they have said so
        pass
