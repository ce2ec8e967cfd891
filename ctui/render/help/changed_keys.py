"""Keys that did something else before, or nothing: the one table, pane by pane, for help and README."""

from ctui.model.values import dataclass

EVERYWHERE = "Everywhere"
"""The heading of keys that are the same in each pane."""


@dataclass(frozen=True, slots=True)
class ChangedKey:
    """A key that no longer does what it did."""

    pane: str
    """The pane in which it does so."""
    keys: str
    """As people write them."""
    before: str
    now: str


NOTHING = "nothing"
"""What a new key did before."""

CHANGED_KEYS: tuple[ChangedKey, ...] = (
    ChangedKey("Events", "double click", "select", "select and open the record"),
    ChangedKey("Events", "space", NOTHING, "mark"),
    ChangedKey("Events", "shift+↓ shift+↑", NOTHING, "mark while moving"),
    ChangedKey("Events", "N", NOTHING, "note"),
    ChangedKey("Events", "E", NOTHING, "export"),
    ChangedKey("Detail", "enter", "close the record", "fold or unfold, or pivot on the value"),
    ChangedKey("Detail", "j k and other moves", "scroll", "move the cursor"),
    ChangedKey("Detail", "← →", NOTHING, "fold and unfold"),
    ChangedKey("Detail", "/", "filter events", "search in the record; 3 and / filter"),
    ChangedKey("Detail", "n N", NOTHING, "next and previous place"),
    ChangedKey("Detail", "esc", "close the record", "forget the search, then close the record"),
    ChangedKey("Detail", "v", NOTHING, "JSON, or the tree again"),
    ChangedKey("Detail", "J K", NOTHING, "next and previous event"),
    ChangedKey("Detail", "space", NOTHING, "mark"),
    ChangedKey("Shape", "enter", NOTHING, "add to the filter, or narrow to the time"),
    ChangedKey("Shape", "← →", NOTHING, "go to the facet or time at the left or right"),
    ChangedKey("Shape", "- space", NOTHING, "exclude; select several"),
    ChangedKey("Shape", "shift+← shift+→", NOTHING, "select time"),
    ChangedKey("Trails and Status", "c", "copy the event", "copy the trail"),
    ChangedKey("Trails and Status", "y", NOTHING, "copy menu of the trail"),
    ChangedKey("Trails and Status", "i", NOTHING, "status in each Region, or hide it"),
    ChangedKey("Trails and Status", "D", NOTHING, "events around a delivery error"),
    ChangedKey(EVERYWHERE, "F", NOTHING, "follow new events"),
    ChangedKey(EVERYWHERE, "p", NOTHING, "pivot on a value of the event"),
    ChangedKey(EVERYWHERE, "a", NOTHING, "trace the session of the event"),
    ChangedKey(EVERYWHERE, "h", NOTHING, "shape, or hide it"),
    ChangedKey(EVERYWHERE, "y", NOTHING, "copy menu of the event"),
    ChangedKey(EVERYWHERE, "=", NOTHING, "compare"),
    ChangedKey(EVERYWHERE, "!", NOTHING, "notable ones only"),
    ChangedKey(EVERYWHERE, "{ }", NOTHING, "previous and next that is notable or failed"),
    ChangedKey(EVERYWHERE, "o", NOTHING, "own calls"),
    ChangedKey(EVERYWHERE, "A", NOTHING, "accounts and Regions"),
    ChangedKey(EVERYWHERE, "u", NOTHING, "global services"),
    ChangedKey(EVERYWHERE, ",", NOTHING, "columns"),
    ChangedKey(EVERYWHERE, "z", NOTHING, "zoom"),
    ChangedKey(EVERYWHERE, "Q", NOTHING, "questions; only q quits"),
    ChangedKey(EVERYWHERE, "drag", NOTHING, "select text of the main screen, which c copies"),
    ChangedKey(EVERYWHERE, "ctrl+z", NOTHING, "suspend"),
    ChangedKey(EVERYWHERE, "L", NOTHING, "log in again"),
    ChangedKey(EVERYWHERE, "ctrl+o", NOTHING, "open a source"),
)
"""Every such key, pane by pane. All others are as they were: `esc` steps back, `tab` goes to the next pane, digits are
panes and suggestions."""
