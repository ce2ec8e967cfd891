"""What the path of a log file says of it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctui.files.layout import layout_of
from ctui.model.log_files.found_file import Layout, LogKind

AT = int(datetime(2026, 11, 3, 14, 5, tzinfo=UTC).timestamp())
DAY = int(datetime(2026, 11, 3, tzinfo=UTC).timestamp())
NAME = "111122223333_CloudTrail_eu-west-1_20261103T1405Z_Mu0KsOhtH1ar15ZZ.json.gz"
EVENTS = LogKind.EVENTS


@pytest.mark.parametrize(
    ("path", "layout"),
    [
        (
            f"AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/03/{NAME}",
            Layout("111122223333", "eu-west-1", AT, DAY, "", EVENTS),
        ),
        (
            f"/logs/prefix/AWSLogs/o-exampleorgid/111122223333/CloudTrail/eu-west-1/2026/11/03/{NAME}",
            Layout("111122223333", "eu-west-1", AT, DAY, "o-exampleorgid", EVENTS),
        ),
        (NAME, Layout("111122223333", "eu-west-1", AT, None, "", EVENTS)),
        (f"/some/folder/{NAME}", Layout("111122223333", "eu-west-1", AT, None, "", EVENTS)),
        # The name goes first: it was not changed, as a rule, and folders are.
        (
            f"999999999999/CloudTrail/us-east-1/2020/01/02/{NAME}",
            Layout("111122223333", "eu-west-1", AT, 1577923200, "", EVENTS),
        ),
        (
            "AWSLogs/111122223333/CloudTrail-Insight/us-gov-east-1/2026/11/03/"
            "111122223333_CloudTrail-Insight_us-gov-east-1_20261103T1405Z_KL5e9VCV2SS7IqzB.json.gz",
            Layout("111122223333", "us-gov-east-1", AT, DAY, "", LogKind.INSIGHTS),
        ),
        (
            "111122223333_CloudTrail-NetworkActivity_eu-west-1_20261103T1405Z_KL5e9VCV2SS7IqzB.json",
            Layout("111122223333", "eu-west-1", AT, None, "", LogKind.NETWORK),
        ),
        (
            "111122223333_CloudTrail-Aggregated_eu-west-1_20261103T1405Z_KL5e9VCV2SS7IqzB.json.gz",
            Layout("111122223333", "eu-west-1", AT, None, "", LogKind.AGGREGATED),
        ),
        (
            "111122223333_CloudTrail-Digest_eu-west-1_my_trail_us-east-1_20261103T140555Z.json.gz",
            Layout("111122223333", "eu-west-1", AT, None, "", LogKind.DIGEST),
        ),
        # Copied with other names, or only some of the folders.
        ("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/03/part-1.json", Layout(
            "111122223333", "eu-west-1", None, DAY, "", EVENTS
        )),
        ("111122223333/CloudTrail/x.json", Layout("111122223333", "", None, None, "", EVENTS)),
        ("111122223333/CloudTrail/eu-west-1/2026/02/30/x.json", Layout(
            "111122223333", "eu-west-1", None, None, "", EVENTS
        )),
        ("111122223333_CloudTrail_eu-west-1_20261303T1405Z_x.json", Layout(
            "111122223333", "eu-west-1", None, None, "", EVENTS
        )),
        ("111122223333_CloudTrail_eu-west-1_20261103T9905Z_x.json", Layout(
            "111122223333", "eu-west-1", None, None, "", EVENTS
        )),
        ("events.json", Layout()),
        ("１１１１２２２２３３３３_CloudTrail_eu-west-1_20261103T1405Z_x.json.gz", Layout()),
        ("", Layout()),
    ],
)  # fmt: skip
def test_a_path_says(path: str, layout: Layout) -> None:
    assert layout_of(path) == layout


def test_what_puts_files_in_order() -> None:
    assert Layout(delivered=7, day=5).about == 7
    assert Layout(day=5).about == 5
    assert Layout().about is None


@given(st.text(st.characters() | st.sampled_from("/_-.0123456789ZTo")))
def test_any_name_is_read(path: str) -> None:
    layout_of(path)
    layout_of(f"111122223333_CloudTrail_eu-west-1_{path}")
    layout_of(f"AWSLogs/{path}/111122223333/CloudTrail/{path}")
