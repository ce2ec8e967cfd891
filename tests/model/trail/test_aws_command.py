"""The command a shell would need: one word stays one word, whatever is in it."""

import json
import shlex

import pytest
from botocore import xform_name
from botocore.session import Session as BotocoreSession

from ctui.model.trail.aws_command import aws_command, dashed


def test_a_new_trail_as_a_command() -> None:
    command = aws_command(
        "CreateTrail",
        {"Name": "audit", "S3BucketName": "logs-1", "IsMultiRegionTrail": True, "EnableLogFileValidation": False},
        "eu-west-1",
    )
    assert command == (
        "aws cloudtrail create-trail --name audit --s3-bucket-name logs-1 --is-multi-region-trail "
        "--no-enable-log-file-validation --region eu-west-1"
    )


def test_a_cleared_field_is_an_empty_word_and_the_rest_says_where() -> None:
    command = aws_command(
        "UpdateTrail", {"Name": "a", "S3KeyPrefix": ""}, "eu-west-1", profile="prod", endpoint="http://127.0.0.1:1"
    )
    assert shlex.split(command)[2:] == [
        "update-trail", "--name", "a", "--s3-key-prefix", "", "--region", "eu-west-1", "--profile", "prod",
        "--endpoint-url", "http://127.0.0.1:1",
    ]  # fmt: skip


@pytest.mark.parametrize("prefix", ["a b", "$(reboot)", "it's", "`id`; rm -rf ~", "-x", "--name", "tab\tü", "a\\b"])
def test_hostile_values_stay_one_word(prefix: str) -> None:
    words = shlex.split(aws_command("UpdateTrail", {"Name": "a", "S3KeyPrefix": prefix}, "eu-west-1"))
    told = [f"--s3-key-prefix={prefix}"] if prefix.startswith("-") else ["--s3-key-prefix", prefix]
    assert words[:5] + told == words[:-2]
    assert words[-2:] == ["--region", "eu-west-1"]


def test_a_value_the_cli_would_open_as_a_file_goes_as_json() -> None:
    parameters = {"Name": "a", "S3KeyPrefix": "file:///etc/passwd"}
    words = shlex.split(aws_command("UpdateTrail", parameters, "eu-west-1"))
    assert json.loads(words[words.index("--cli-input-json") + 1]) == parameters


def test_tags_go_as_json() -> None:
    tags = [{"Key": "team", "Value": "a=b c"}, {"Key": "x"}]
    words = shlex.split(aws_command("CreateTrail", {"Name": "a", "TagsList": tags}, "eu-west-1"))
    assert json.loads(words[words.index("--tags-list") + 1]) == tags


def test_options_are_spelled_as_the_cli_spells_them() -> None:
    model = BotocoreSession().get_service_model("cloudtrail")
    for action in ("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"):
        assert dashed(action) == xform_name(action, "-")
        for name in model.operation_model(action).input_shape.members:
            assert dashed(name) == xform_name(name, "-")
