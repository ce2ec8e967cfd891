"""Settings as what a login is made with, and where it is remembered that it led."""

from ctui.aws.login.connect_options import ConnectOptions
from ctui.aws.login.login_memory import LoginMemory
from ctui.cli.store_location import login_memory_file, store_path
from ctui.config.settings import Settings


def connect_options(settings: Settings) -> ConnectOptions:
    """What to connect to, and as whom. They ask no one, and tell no one."""
    return ConnectOptions(profile=settings.profile, region=settings.region, endpoint_url=settings.endpoint_url)


def login_memory(settings: Settings) -> LoginMemory | None:
    """Where logins led is kept next to the events, for connections whose events are kept."""
    if settings.no_store:
        return None
    return LoginMemory(
        login_memory_file(settings), lambda connection: store_path(settings, connection, demo=False) is not None
    )
