"""Settings as what a login is made with, and where it is remembered that it led."""

from ctui.aws.login.connect_options import ConnectOptions
from ctui.aws.login.login_memory import LoginMemory
from ctui.cli.store_location import login_memory_file, store_path
from ctui.config.settings import Settings


def connect_options(settings: Settings) -> ConnectOptions:
    """What to connect to, and as whom, in the working account. They ask no one, and tell no one."""
    return profile_options(settings, next(iter(settings.profile), None))


def profile_options(settings: Settings, profile: str | None) -> ConnectOptions:
    """The same for another profile."""
    return ConnectOptions(profile=profile, region=settings.working_region, endpoint_url=settings.endpoint_url)


def login_memory(settings: Settings) -> LoginMemory | None:
    """Where logins led is kept next to the events, for connections whose events are kept."""
    if settings.no_store:
        return None
    return LoginMemory(
        login_memory_file(settings), lambda connection: store_path(settings, connection, demo=False) is not None
    )
