"""Who acted and with what, as `is:new` compares it: the identity behind a session, networks, families of agents."""

import pytest

from ctui.model.event.names import names_of
from ctui.model.event.origin import agent_family
from ctui.model.filter.sightings import network_of, principal_of

ROLE = "arn:aws:iam::1:role/team/Admin"
FEDERATED = {"type": "FederatedUser", "arn": "arn:aws:sts::1:federated-user/bob", "principalId": "1:bob"}


@pytest.mark.parametrize(
    ("identity", "principal"),
    [
        ({"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/Admin/one"}, "1:role/Admin"),
        ({"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"type": "Role", "arn": ROLE}}}, "1:role/Admin"),
        ({"type": "AssumedRole", "arn": "arn:aws:sts::2:assumed-role/Admin/one"}, "2:role/Admin"),
        ({"type": "AssumedRole", "arn": "arn:aws-cn:sts::1:assumed-role/A/s"}, "1:role/A"),
        ({"type": "IAMUser", "arn": "arn:aws:iam::1:user/staff/alice", "userName": "alice"}, "1:user/alice"),
        ({"type": "Root", "arn": "arn:aws:iam::1:root", "accountId": "1"}, "1:root"),
        (FEDERATED, "bob"),
        ({**FEDERATED, "sessionContext": {"sessionIssuer": {"arn": "arn:aws:iam::1:user/alice"}}}, "1:user/alice"),
        ({"type": "AWSAccount", "principalId": "AROA1234567890:session", "accountId": "3"}, "AROA1234567890"),
        ({"type": "AWSAccount", "accountId": "3"}, "3"),
        ({"type": "SAMLUser", "userName": "carol", "principalId": "x:carol"}, "carol"),
        ({"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}, ""),
        ({"type": "IAMUser", "arn": ["no text"]}, ""),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_principal_is_a_user_or_a_role_and_no_session(identity: dict[str, object], principal: str) -> None:
    assert principal_of(names_of({"userIdentity": identity}, None, None)) == principal


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("255.249.100.0", "255.249.100.0/24"),
        ("203.0.113.256", ""),
        ("203.0.113.07", ""),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("ec2.amazonaws.com", ""),
        ("AWS Internal", ""),
        ("", ""),
    ],
)
def test_a_network_is_that_of_an_address(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        ("aws-cli/1.2 Python/3", "the AWS CLI"),
        ("aws-cli/2.9 md/x", "the AWS CLI"),
        ("[Boto3/1.1]", "boto3"),
        ("[Custom/1.2 (x)]", "Custom"),
        ("cloudformation.amazonaws.com", "cloudformation.amazonaws.com"),
        ("", ""),
    ],
)
def test_a_family_of_agents_has_no_version(agent: str, family: str) -> None:
    assert agent_family(agent) == family
