"""A role of an account that a person listed, to look at its events by assuming it."""

import re

from ctui.model.values import dataclass

_ARN = re.compile(r"arn:(?P<partition>aws[a-z-]*):iam::(?P<account>[^:]*):role/(?P<role>.*)", re.DOTALL)
_ACCOUNT = re.compile(r"[0-9]{12}")
_ROLE = re.compile(r"(?:[\x21-\x7e]{1,510}/)?[\w+=,.@-]{1,64}", re.ASCII)
"""A path, and a name (IAM's reference of CreateRole)."""
WANTED = "ROLE@ACCOUNT, such as Audit@111122223333, or the ARN of a role"
"""How a role is written."""


@dataclass(frozen=True, slots=True)
class AssumedRole:
    """One account of the list, and the role in it that ctui assumes. No other account is ever entered."""

    account: str
    """Twelve digits."""
    role: str
    """The role's name, with its path if it has one."""
    name: str = ""
    """What the account is called in the settings; "" if they do not say."""
    partition: str = ""
    """The partition of the role's ARN; "" if only role and account are given: it is the login's."""

    def arn_in(self, partition: str) -> str:
        """The role's ARN, for a login in this partition."""
        return f"arn:{self.partition or partition}:iam::{self.account}:role/{self.role}"


def parse_role(text: str, name: str = "") -> AssumedRole:
    """The role that is written as WANTED says, in an account of this name. Raises ValueError with what is wrong."""
    arn = _ARN.fullmatch(text)
    if arn is not None:
        partition, account, role = arn["partition"], arn["account"], arn["role"]
    elif text.startswith("arn:") or "@" not in text:
        raise ValueError(f"{text!r} is not {WANTED}")
    else:
        partition, (role, _, account) = "", text.rpartition("@")
    if not is_account(account):
        raise ValueError(f"{text!r} has no account of twelve digits")
    if not _ROLE.fullmatch(role):
        raise ValueError(f"{text!r} has no name of a role: letters, digits and +=,.@_-, at most 64 of them")
    return AssumedRole(account, role, name, partition)


def is_account(text: str) -> bool:
    """True for the ID of an account: twelve digits."""
    return _ACCOUNT.fullmatch(text) is not None
