"""The AWS CLI commands that ask what a query asks of LookupEvents."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import product
from typing import Any

from ctui.model.connection import Connection
from ctui.model.lookup.lookup import Category, Clause
from ctui.model.trail.aws_command import aws_command


def lookup_commands(
    asked: Sequence[tuple[Category, Clause]],
    start: int | None,
    end: int,
    regions: Sequence[str],
    connection: Connection,
) -> tuple[str, ...]:
    """`aws cloudtrail lookup-events …` for each category, Region and attribute, ready for a shell.

    `asked`: categories, each with what the service selects by, one command for each; empty for every event.
    `start` and `end` are epoch seconds, inclusive; None for the start of history.
    """
    commands: list[str] = []
    for (category, selected), region in product(asked, regions):
        for attribute in selected or (None,):
            parameters: dict[str, Any] = {}
            if category is not Category.MANAGEMENT:
                parameters["EventCategory"] = category.value
            if attribute is not None:
                parameters["LookupAttributes"] = [
                    {"AttributeKey": attribute.key.value, "AttributeValue": attribute.value}
                ]
            if start is not None:
                parameters["StartTime"] = _time(start)
            parameters["EndTime"] = _time(end)
            commands.append(
                aws_command(
                    "LookupEvents",
                    parameters,
                    region,
                    profile=None if connection.endpoint else connection.profile,
                    endpoint=connection.endpoint,
                )
            )
    return tuple(commands)


def _time(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
