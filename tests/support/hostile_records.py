"""Records that nobody promised to be well-formed, for the properties that must hold of any."""

from random import Random

from hypothesis import strategies as st

from ctui.model.event.head import decode_head

HEAD_KEYS = tuple(decode_head("{}").values)
"""The keys of a record that its head has."""
TYPES = ("Root", "AWSService", "AWSAccount", "AssumedRole", "FederatedUser", "IAMUser", "WebIdentityUser", "Role")
TEXTS = st.text(max_size=6) | st.sampled_from(
    ("alice", "true", "Failure", "arn:aws:iam::1:user/a/b", "s3.amazonaws.com", "\ud800", *TYPES)
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)
IDENTITIES = VALUES | st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(TYPES) | VALUES,
        "sessionContext": st.dictionaries(st.sampled_from(("sessionIssuer", "attributes", "sourceIdentity")), VALUES),
        **dict.fromkeys(("userName", "arn", "principalId", "accountId", "invokedBy", "accessKeyId"), TEXTS | VALUES),
    },
)
EXTRAS = st.dictionaries(st.sampled_from(("UserName", "MFAUsed", "ConsoleLogin")), TEXTS | VALUES) | VALUES
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(HEAD_KEYS, TEXTS | VALUES),
        "eventName": st.just("ConsoleLogin") | VALUES,
        "eventType": st.just("AwsServiceEvent") | VALUES,
        "userIdentity": IDENTITIES,
        "additionalEventData": EXTRAS,
        "responseElements": EXTRAS,
        "serviceEventDetails": EXTRAS,
        "requestParameters": VALUES,
    },
)
_AROUND = (
    "", '"', "{", "}", ",", ":", "\\", "\\u00", "\\ud800", "\n", "\x00", "0", "-", ".", "1e", "NaN", "null", "\ufeff",
    "é",
)  # fmt: skip


def damaged(text: str, random: Random) -> str:
    """A text with some characters replaced, added or left out."""
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(text) + 1)
        text = text[:at] + random.choice(_AROUND) + text[at + random.randint(0, 2) :]
    return text
