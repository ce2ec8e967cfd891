"""The panes and lines of the screen. They draw what they are given and post what the person did; none knows the app."""
