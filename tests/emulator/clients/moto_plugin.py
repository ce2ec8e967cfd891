"""A pytest plugin that lets moto's own tests of CloudTrail ask the emulator. S3 and SNS stay moto's.

Each test gets an emulator of its own, with the buckets and topics that the test makes. Run by test_clients.py.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from ctui.emulator.options import EmulatorOptions
from ctui.emulator.testing import PLENTY, CloudTrail, running

ACCOUNT = Path(__file__).with_name("moto_account.toml")


@pytest.fixture(autouse=True)
def ask_the_emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """boto3.client("cloudtrail") asks an emulator, and buckets and topics that are made are there for it."""
    with running(EmulatorOptions(lookup_rate=PLENTY, traffic=False, account=ACCOUNT)) as emulator:
        monkeypatch.setattr(boto3, "client", _Clients(boto3.client, emulator))
        yield


class _Clients:
    """boto3.client, for one emulator."""

    def __init__(self, client: Any, emulator: CloudTrail) -> None:
        self._client = client
        self._emulator = emulator

    def __call__(self, service: str, **arguments: Any) -> Any:
        """A client of the emulator for CloudTrail, one of moto for everything else."""
        if service == "cloudtrail":
            return self._client(service, **arguments, endpoint_url=self._emulator.endpoint_url)
        client, region = self._client(service, **arguments), arguments.get("region_name")

        def add_bucket(params: dict[str, Any], **_: Any) -> None:
            self._emulator.add_bucket(params["Bucket"])

        def add_topic(params: dict[str, Any], **_: Any) -> None:
            self._emulator.add_topic(params["Name"], region=region)

        client.meta.events.register("provide-client-params.s3.CreateBucket", add_bucket)
        client.meta.events.register("provide-client-params.sns.CreateTopic", add_topic)
        return client
