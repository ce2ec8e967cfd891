"""What a session over log files is made of. Imported only where settings name some."""

from collections.abc import Sequence

from ctui.cli.store_location import index_folder
from ctui.config.settings import Settings
from ctui.core.files.log_files import LogFiles
from ctui.core.files.no_service import FilesConnector
from ctui.core.files.store_with_files import StoreWithFiles
from ctui.files.log_files import TreeOfFiles

__all__ = ["StoreWithFiles", "files_connector", "trees_of"]


def trees_of(settings: Settings) -> list[LogFiles]:
    """The trees of the settings, each once, none of them open yet."""
    trees = (TreeOfFiles(str(path), index_folder()) for path in settings.files)
    return list({tree.scope: tree for tree in trees}.values())


def files_connector(trees: Sequence[LogFiles]) -> FilesConnector:
    """Connects to no service."""
    return FilesConnector(trees[0].scope)
