"""`ctui completion`: the script that a shell loads."""

import click

from ctui.cli.completing.shells import SHELLS, answer


@click.command()
@click.argument("shell", type=click.Choice(list(SHELLS)))
def completion(shell: str) -> None:
    """Print the script that completes commands, options and filter lines in bash, zsh or fish.

    \b
    bash: eval "$(ctui completion bash)"                              in ~/.bashrc
    zsh:  eval "$(ctui completion zsh)"                               in ~/.zshrc, behind compinit
    fish: ctui completion fish > ~/.config/fish/completions/ctui.fish
    """
    click.echo(answer(click.get_current_context().find_root().command, f"{shell}_source"), nl=False)
