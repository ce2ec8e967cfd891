"""Account files: the built-in one is whole, broken ones name file, key and reason; strangers need their own keys."""

from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from support.wire import boto_client, error_of

from ctui.emulator.account.account_file import print_account, read_world, without_known_keys
from ctui.emulator.options import EmulatorOptions
from ctui.emulator.testing import CloudTrail, running
from ctui.errors import SettingsError

ACCOUNT = '[[accounts]]\nid = "333333333333"\n'
KEY = "11111111-1111-1111-1111-111111111111"
A_KEY = f"{{ id = '{KEY}', region = 'eu-west-1' }}"
WITH_TARGETS = (
    ACCOUNT
    + f"""
organization = "management"
regions_without_logs = ["sa-east-1"]
buckets = [{{ name = "logs" }}]
topics = [{{ name = "told", region = "us-east-1" }}]
log_groups = [{{ name = "group", region = "us-east-1" }}, {{ name = "group", region = "sa-east-1" }}]
roles = [{{ name = "service-role/writer" }}]
kms_keys = [{{ id = "{KEY}", region = "us-east-1" }}]
"""
)


def test_the_built_in_file_reads_like_any_other(tmp_path: Path) -> None:
    copy = tmp_path / "accounts.toml"
    copy.write_text(print_account(), "utf-8")
    assert read_world(copy) == read_world(None)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("accounts = 5", "accounts: must be a list"),
        ("", "accounts"),
        ("[[accounts]]\nid = 'twelve'", "accounts[0].id"),
        (ACCOUNT + "colour = 'red'", "colour"),
        (ACCOUNT + "keys = [{ id = 'a' }]", "secret"),
        (ACCOUNT + "keys = [{ id = 'a', secret = 's', expires = 2030-01-01T00:00:00 }]", "'a' has expires without"),
        (ACCOUNT + "keys = [{ id = 'a', secret = 's', user = 'u', role = 'r' }]", "'a' has both"),
        (ACCOUNT + "keys = [{ id = 'a', secret = 's' }, { id = 'a', secret = 't' }]", "'a' appears twice"),
        (ACCOUNT + "buckets = [{ name = 'b', policy = 'strange' }]", "accounts[0].buckets[0].policy"),
        (ACCOUNT + "trails = [{ name = 'audit', region = 'us-east-1', bucket = 'b' }]", "bucket 'b'"),
        (ACCOUNT + "trails = [{ name = 't', region = 'mars', bucket = 'b' }]", "accounts[0].trails[0].region"),
        (ACCOUNT + "regions_without_logs = 'all'", "accounts[0].regions_without_logs"),
        (ACCOUNT + "organization = 'member'", "management is required for a member"),
        (ACCOUNT + "organization = 'member'\nmanagement = '999999999999'", "999999999999"),
        (ACCOUNT + ACCOUNT, "'333333333333' appears twice"),
        ("[[accounts]]\nid 5", "line 2"),
        (ACCOUNT + "mfa_devices = [{ user = 'u', code = '123456' }]", "mfa_devices: 'u' is not the user of a key"),
        (
            ACCOUNT + "keys = [{ id = 'a', secret = 's', user = 'u' }]\nmfa_devices = [{ user = 'u', code = '12' }]",
            "code",
        ),
        (ACCOUNT + "roles = [{ name = 'r', deny = ['Sing'] }]", "roles: 'r' has deny with 'Sing'"),
        (ACCOUNT + "roles = [{ name = 'r', longest = 60 }]", "accounts[0].roles[0].longest"),
        ("incident = ['333333333333']\n" + ACCOUNT, "incident: must name 3 accounts"),
        ("incident = ['333333333333', '111111111111', '222222222222']\n" + ACCOUNT, "111111111111 is not among"),
        ("portal = { start_url = 'x', region = 'mars', person = 'p' }\n" + ACCOUNT, "portal.region"),
        (ACCOUNT + "partition = 'a:b c'", "accounts[0].partition"),
        (ACCOUNT + "keys = [{ id = 'a', secret = 's', user = '' }]", "accounts[0].keys[0].user"),
        (ACCOUNT + "keys = [{ id = 'a', secret = 's', deny = ['DeletTrail'] }]", "'a' has deny with 'DeletTrail'"),
        (ACCOUNT + "keys = [{ id = 'a', secret = 's', expires = 2030-01-01T00:00:00Z }]", "no session_token"),
        (ACCOUNT + "buckets = [{ name = '../../x' }]", "buckets: '../../x': Only "),
        (ACCOUNT + "topics = [{ name = 'a b', region = 'us-east-1' }]", "topics: 'a b'"),
        (ACCOUNT + "log_groups = [{ name = 'a:b', region = 'us-east-1' }]", "log_groups: 'a:b'"),
        (ACCOUNT + "roles = [{ name = 'a:b' }]", "roles: 'a:b'"),
        (ACCOUNT + "kms_keys = [{ id = 'key', region = 'us-east-1' }]", "kms_keys: 'key'"),
        (ACCOUNT + f"kms_keys = [{{ id = '{KEY}', region = 'us-east-1', alias = 'x' }}]", "kms_keys: 'x'"),
        (ACCOUNT + "buckets = [{ name = 'one' }, { name = 'one' }]", "buckets: name 'one' appears twice"),
        (ACCOUNT + "topics = [{ name = 'a', region = 'us-east-1' }, { name = 'a', region = 'us-east-1' }]", "topics:"),
        (
            ACCOUNT + "log_groups = [{ name = 'a', region = 'eu-west-1' }, { name = 'a', region = 'eu-west-1' }]",
            "twice",
        ),
        (ACCOUNT + "roles = [{ name = 'a' }, { name = 'a' }]", "role/a' appears twice"),
        (ACCOUNT + f"kms_keys = [{A_KEY}, {A_KEY}]", "appears twice"),
        (
            ACCOUNT + "buckets = [{ name = 'one' }]\n" + ACCOUNT.replace("3", "4") + "buckets = [{ name = 'one' }]",
            "buckets: name 'one' appears twice",
        ),
    ],
)
def test_a_broken_file_names_file_key_and_reason(tmp_path: Path, text: str, named: str) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as failure:
        read_world(broken)
    assert str(broken) in failure.value.message
    assert named in failure.value.message


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ("name = 'x'", "'x': name: At least 3 characters"),
        ("name = 'a/../../b'", "name: Only "),
        ("prefix = '../../../etc'", "prefix: Folders named . or .."),
        ("topic = 'gone'", "topic 'gone' is not among the topics of us-east-1"),
        ("topic = 'arn:aws:sns:eu-west-1:333333333333:told'", "is not among the topics"),
        ("log_group = 'gone'\nrole = 'service-role/writer'", "log_group 'gone'"),
        ("log_group = 'group'", "set both log_group and role"),
        ("role = 'service-role/writer'", "set both log_group and role"),
        ("log_group = 'group'\nrole = 'writer'", "role 'writer' is not among the roles"),
        ("region = 'sa-east-1'\nlog_group = 'group'\nrole = 'service-role/writer'", "regions_without_logs"),
        ("kms_key = 'gone'", "kms_key 'gone'"),
        (f"kms_key = '{KEY}'\nregion = 'eu-west-1'", "kms_keys of eu-west-1"),
        ("multi_region = true\nglobal_events = false", "includes global_events"),
        ("stopped = '1d'", "stopped needs started"),
        ("started = '1d'\nstopped = '2d'", "it is started (1d ago) after it is stopped (2d ago)"),
        ("started = '1d'\nstopped = 'incident'", "the incident is up to 7 days ago"),
        ("started = '999999w'", "at most 100 years ago"),
        ("started = '999999d'", "at most 100 years ago"),
    ],
)
def test_a_trail_no_account_can_have_is_told(tmp_path: Path, settings: str, named: str) -> None:
    lines = {"name": "name = 'audit'", "region": "region = 'us-east-1'", "bucket": "bucket = 'logs'"}
    lines |= {line.partition(" ")[0]: line for line in settings.splitlines()}
    path = tmp_path / "accounts.toml"
    path.write_text(WITH_TARGETS + "[[accounts.trails]]\n" + "\n".join(lines.values()), "utf-8")
    with pytest.raises(SettingsError) as failure:
        read_world(path)
    assert f"{path}: account 333333333333, trails: " in failure.value.message
    assert named in failure.value.message


def test_more_trails_than_a_region_takes_are_told(tmp_path: Path) -> None:
    trail = "[[accounts.trails]]\nname = 'audit-{}'\nregion = 'us-east-1'\nbucket = 'logs'\n"
    path = tmp_path / "accounts.toml"
    path.write_text(WITH_TARGETS + "".join(trail.format(number) for number in range(5)), "utf-8")
    assert len(read_world(path).accounts[0].trails) == 5
    path.write_text(WITH_TARGETS + "".join(trail.format(number) for number in range(6)), "utf-8")
    with pytest.raises(SettingsError, match="us-east-1 has 6"):
        read_world(path)


def test_a_trail_of_an_organization_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "accounts.toml"
    text = WITH_TARGETS.replace('organization = "management"\n', "")
    text += "[[accounts.trails]]\nname = 'audit'\nregion = 'us-east-1'\nbucket = 'logs'\norganization = true"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match="organization is for trails"):
        read_world(path)


def test_everything_a_trail_can_have_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "accounts.toml"
    path.write_text(
        WITH_TARGETS
        + f"""
[[accounts.trails]]
name = "audit"
region = "us-east-1"
bucket = "logs"
prefix = "a/b"
topic = "arn:aws:sns:us-east-1:333333333333:told"
log_group = "group"
role = "service-role/writer"
kms_key = "{KEY}"
multi_region = true
organization = true
started = "30d"
stopped = "incident"
""",
        "utf-8",
    )
    assert read_world(path).accounts[0].trails[0].stopped == "incident"


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_says_so(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "file.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"file\.toml"):
        read_world(path)


class TestOtherAccounts:
    @pytest.fixture
    def cloudtrail_options(self, tmp_path: Path) -> EmulatorOptions:
        path = tmp_path / "accounts.toml"
        path.write_text(
            '[[accounts]]\nid = "333333333333"\npartition = "aws-cn"\n'
            'keys = [{ id = "root", secret = "s" }]\nbuckets = [{ name = "logs" }]\n'
            '[[accounts]]\nid = "444444444444"\nkeys = [{ id = "four", secret = "s", user = "u" }]\n',
            "utf-8",
        )
        return EmulatorOptions(account=path, traffic=False)

    def test_partition_region_and_root_follow_the_file(self, cloudtrail: CloudTrail) -> None:
        where = {"region": "cn-north-1", "key": "root", "secret": "s"}
        client = boto_client(cloudtrail.endpoint_url, **where)  # type: ignore[arg-type]
        answer = client.create_trail(Name="trail", S3BucketName="logs")
        assert answer["TrailARN"] == "arn:aws-cn:cloudtrail:cn-north-1:333333333333:trail/trail"
        identity = boto_client(cloudtrail.endpoint_url, service="sts", **where).get_caller_identity()  # type: ignore[arg-type]
        assert identity["Arn"] == "arn:aws-cn:iam::333333333333:root"

    def test_one_accounts_buckets_are_not_the_others(self, cloudtrail: CloudTrail) -> None:
        other = boto_client(cloudtrail.endpoint_url, key="four", secret="s")
        with pytest.raises(ClientError) as failure:
            other.create_trail(Name="trail", S3BucketName="logs")
        assert error_of(failure.value)[0] == "S3BucketDoesNotExistException"

    def test_the_built_in_key_is_gone(self, cloudtrail: CloudTrail) -> None:
        with pytest.raises(ClientError) as failure:
            boto_client(cloudtrail.endpoint_url).describe_trails()
        assert error_of(failure.value)[0] == "UnrecognizedClientException"


class TestRemote:
    def test_the_built_in_accounts_alone_are_not_served_to_others(self) -> None:
        with (
            pytest.raises(SettingsError, match="your own keys"),
            running(EmulatorOptions(allow_remote="0.0.0.0", traffic=False)),
        ):
            pass

    def test_known_keys_are_dropped_and_own_ones_kept(self, tmp_path: Path) -> None:
        path = tmp_path / "accounts.toml"
        path.write_text(
            ACCOUNT + 'keys = [{ id = "demo", secret = "demo" }, { id = "mine", secret = "long" }]', "utf-8"
        )
        (account,) = without_known_keys(read_world(path)).accounts
        assert [key.id for key in account.keys] == ["mine"]

    def test_a_portal_that_asks_nothing_is_closed_to_others(self, tmp_path: Path) -> None:
        path = tmp_path / "accounts.toml"
        path.write_text(
            print_account(organization=True) + '\n[[accounts]]\nid = "444444444444"\n'
            'keys = [{ id = "mine", secret = "long" }]\n',
            "utf-8",
        )
        world = read_world(path)
        assert world.portal is not None
        assert without_known_keys(world).portal is None

    def test_any_host_name_is_fine_then(self, tmp_path: Path) -> None:
        path = tmp_path / "accounts.toml"
        path.write_text(ACCOUNT + 'keys = [{ id = "mine", secret = "long" }]', "utf-8")
        with running(EmulatorOptions(allow_remote="127.0.0.1", account=path, traffic=False)) as emulator:
            client = boto_client(emulator.endpoint_url, key="mine", secret="long")
            client.meta.events.register(
                "before-sign.cloudtrail.*", lambda request, **_: request.headers.add_header("Host", "trail.example.org")
            )
            assert client.describe_trails()["trailList"] == []
            with pytest.raises(ClientError, match="UnrecognizedClientException"):
                boto_client(emulator.endpoint_url).describe_trails()
