"""How a role is written: with its account, or as its ARN."""

import pytest

from ctui.model.assumed_role import AssumedRole, parse_role, parse_roles


@pytest.mark.parametrize(
    ("text", "role", "arn"),
    [
        ("Audit@111122223333", AssumedRole("111122223333", "Audit"), "arn:aws:iam::111122223333:role/Audit"),
        (
            "teams/sec/Audit@111122223333",
            AssumedRole("111122223333", "teams/sec/Audit"),
            "arn:aws:iam::111122223333:role/teams/sec/Audit",
        ),
        ("a@b@111122223333", AssumedRole("111122223333", "a@b"), "arn:aws:iam::111122223333:role/a@b"),
        (
            "arn:aws-cn:iam::111122223333:role/x/Audit",
            AssumedRole("111122223333", "x/Audit", partition="aws-cn"),
            "arn:aws-cn:iam::111122223333:role/x/Audit",
        ),
    ],
)
def test_a_role_is_read(text: str, role: AssumedRole, arn: str) -> None:
    assert parse_role(text) == role
    assert parse_role(text).arn_in("aws") == arn


def test_without_an_arn_it_is_in_the_partition_of_the_login() -> None:
    assert parse_role("Audit@111122223333", "prod").arn_in("aws-us-gov") == (
        "arn:aws-us-gov:iam::111122223333:role/Audit"
    )
    assert parse_role("Audit@111122223333", "prod").name == "prod"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Audit", "is not ROLE@ACCOUNT"),
        ("111122223333", "is not ROLE@ACCOUNT"),
        ("arn:aws:iam::111122223333:user/alice", "is not ROLE@ACCOUNT"),
        ("arn:aws:sts::111122223333:assumed-role/Audit/x", "is not ROLE@ACCOUNT"),
        ("Audit@1111", "twelve digits"),
        ("Audit@11112222333\u0663", "twelve digits"),
        ("Audit@", "twelve digits"),
        ("arn:aws:iam::prod:role/Audit", "twelve digits"),
        ("@111122223333", "no name of a role"),
        ("Au dit@111122223333", "no name of a role"),
        ("Audit\n@111122223333", "no name of a role"),
        (f"{'a' * 65}@111122223333", "no name of a role"),
        ("arn:aws:iam::111122223333:role/", "no name of a role"),
        ("arn:aws:iam::111122223333:role/x\x1b[31m", "no name of a role"),
    ],
)
def test_what_is_no_role_says_why(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_role(text)


def test_roles_stand_in_a_list() -> None:
    assert [role.account for role in parse_roles("A@111122223333, B@222233334444,")] == ["111122223333", "222233334444"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "names no role"),
        (" , ", "names no role"),
        ("A@111122223333,B", "'B' is not ROLE@ACCOUNT"),
        ("A@111122223333,B@111122223333", "two roles are in account 111122223333"),
    ],
)
def test_a_list_with_one_that_is_no_role_says_which(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_roles(text)
