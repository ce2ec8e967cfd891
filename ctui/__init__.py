"""ctui: a keyboard-driven terminal explorer for AWS CloudTrail."""


def __getattr__(name: str) -> str:
    """`__version__`, that of the installed package. It is looked up when it is first used: few starts need it.

    A checkout that is run without being installed has no version: then it is "unknown".
    """
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import sys  # noqa: PLC0415 - see above
    from pathlib import Path  # noqa: PLC0415

    # An installed package has a folder PACKAGE-VERSION.dist-info (PyPA, "Recording installed projects").
    # importlib.metadata finds it too, and takes longer to import than a whole `ctui --version`.
    for folder in map(Path, sys.path):
        try:
            found = next(folder.glob("ctui-*.dist-info"), None)
        except OSError:
            continue
        if found is not None:
            return found.name.removeprefix("ctui-").removesuffix(".dist-info")
    return "unknown"
