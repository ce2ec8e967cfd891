"""`python -m ctui` is the same as the `ctui` command."""

from ctui.cli import main

if __name__ == "__main__":
    main()
