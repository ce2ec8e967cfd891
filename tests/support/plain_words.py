"""Words that ctui does not use: in docstrings, in comments, on the screen."""

import re

AVOIDED = re.compile(
    r"\b(anew|whoever|beside|told|nobody|somebody|begun|None where|wish(?:ed|es)?|manieth|shall|whence"
    r"|organis\w*|colour\w*|behaviour\w*|recognis\w*|grey"
    r"|honour\w*|favour\w*|centre\w*|licence|judg(?:e[ds]?|ing|ment|ement))\b",
    re.IGNORECASE,
)
"""Words that an engineer would not say aloud, and spellings that AWS does not write."""
