"""The Textual application: screens, widgets, forms, clipboard. Maps roles to theme colors."""
