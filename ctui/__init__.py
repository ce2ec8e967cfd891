"""ctui: a keyboard-driven terminal explorer for AWS CloudTrail."""


def __getattr__(name: str) -> str:
    """`__version__`, read from the installed package when it is first used: reading it while ctui starts takes time.

    A checkout that is run without being installed has no version: then it is "unknown".
    """
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - see above

    try:
        return version("ctui")
    except PackageNotFoundError:
        return "unknown"
