"""The stored rows that the first frame shows: read while Textual is imported, and before the session is."""

from datetime import UTC, datetime

from ctui.cli.login_settings import connect_options, login_memory
from ctui.cli.store_location import store_path
from ctui.config.remembered import RememberedColumns, remembered_file
from ctui.config.settings import Settings
from ctui.core.first_rows import FirstRows, read_first_rows
from ctui.errors import SettingsError
from ctui.model.lookup.timespan import ALL_HISTORY
from ctui.render.panes.columns import USUAL


def first_rows(settings: Settings, most: int) -> FirstRows | None:
    """The newest stored rows, if these settings have led to an account before; None if more is needed to know them.

    Blocks: call it in a thread.
    """
    memory = login_memory(settings)
    # Which rows are in a range is for the session to say.
    if memory is None or settings.since != ALL_HISTORY:
        return None
    columns = _usual_columns()
    known = memory.recall(connect_options(settings))
    if columns is None or known is None or (file := store_path(settings, known, demo=False)) is None:
        return None
    return read_first_rows(file, known, datetime.now(UTC), most, columns)


def _usual_columns() -> tuple[str, ...] | None:
    """The columns that are remembered; None if one of them is read from records. What is wrong with the file is said on
    the main screen."""
    try:
        columns = RememberedColumns(remembered_file()).load()
    except SettingsError:
        return ()
    return columns if set(columns) <= set(USUAL) else None
