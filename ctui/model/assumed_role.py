"""A role of an account that a person listed, to look at its events by assuming it."""

import re
from collections.abc import Iterable

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


def parse_roles(text: str) -> tuple[AssumedRole, ...]:
    """The roles in a comma-separated list. Raises ValueError with what is wrong, also for two in one account."""
    roles = tuple(parse_role(part.strip()) for part in text.split(",") if part.strip())
    if not roles:
        raise ValueError(f"it names no role: write {WANTED}")
    accounts = [role.account for role in roles]
    if twice := next((account for account in accounts if accounts.count(account) > 1), None):
        raise ValueError(f"two roles are in account {twice}: name one")
    return roles


def named_accounts(
    table: Iterable[tuple[str, object]],
) -> tuple[tuple[AssumedRole, ...], dict[str, str], tuple[tuple[str, str], ...]]:
    """What a table of accounts says: the roles in it, the names of accounts, and (name, what is wrong) of other lines.

    A line is a name and a role, or the ID of an account and its name.
    """
    roles, names, wrong = list[AssumedRole](), dict[str, str](), list[tuple[str, str]]()
    for key, value in table:
        try:
            if not isinstance(value, str) or not value.strip() or not key.strip():
                raise ValueError(f"must be {WANTED}; or the ID of an account and its name")
            if is_account(key):
                names[key] = value.strip()
                continue
            role = parse_role(value.strip(), key.strip())
            if role.account in (each.account for each in roles):
                raise ValueError(f"another role is in account {role.account}: name one")
        except ValueError as error:
            wrong.append((key, str(error)))
        else:
            roles.append(role)
            names[role.account] = role.name
    return tuple(roles), names, tuple(wrong)
