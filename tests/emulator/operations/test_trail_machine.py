"""Random trail operations in three Regions against a naive model of what the service promises, over the wire."""

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from botocore.exceptions import ClientError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.examples import examples
from support.wire import boto_client, error_of

from ctui.emulator.options import EmulatorOptions
from ctui.emulator.testing import running

ACCOUNT = """
[[accounts]]
id = "111111111111"
keys = [{ id = "demo", secret = "demo", user = "demo" }]
buckets = [{ name = "one" }, { name = "two" }, { name = "bad", policy = "bad" }]
"""
REGIONS = ("us-east-1", "eu-west-1", "ap-south-1")
NAMES = ("alpha", "beta", "gamma", "delta")

names = st.sampled_from(NAMES)
regions = st.sampled_from(REGIONS)
buckets = st.sampled_from(("one", "two", "bad", "gone"))
flags = st.booleans()
prefixes = st.none() | st.sampled_from(("", "a", "b/c"))


@dataclass(frozen=True)
class Expected:
    """A trail as the model has it."""

    region: str
    name: str
    bucket: str
    prefix: str | None = None
    multi: bool = False
    logging: bool = False

    @property
    def arn(self) -> str:
        return f"arn:aws:cloudtrail:{self.region}:111111111111:trail/{self.name}"


@dataclass
class Model:
    """What the service should hold; each operation answers "" or the error's code."""

    trails: dict[str, Expected] = field(default_factory=dict)

    def seen(self, region: str) -> list[Expected]:
        return [trail for trail in self.trails.values() if trail.multi or trail.region == region]

    def find(self, region: str, name: str) -> Expected | None:
        """By ARN, else the one trail of that name the Region shows."""
        if name.startswith("arn:"):
            return self.trails.get(name)
        found = [trail for trail in self.seen(region) if trail.name == name]
        assert len(found) <= 1
        return found[0] if found else None

    def create(self, region: str, name: str, bucket: str, prefix: str | None, multi: bool) -> str:
        new = Expected(region, name, bucket, prefix or None, multi)
        if new.arn in self.trails:
            return "TrailAlreadyExistsException"
        if error := self.no_room(new) or _bucket_error(bucket):
            return error
        self.trails[new.arn] = new
        return ""

    def no_room(self, new: Expected) -> str:
        """No Region shows two trails of one name, or more than five."""
        others = {arn: trail for arn, trail in self.trails.items() if arn != new.arn}
        shown = [Model({**others, new.arn: new}).seen(region) for region in REGIONS]
        if any(trail.name == new.name and trail is not new for seen in shown if new in seen for trail in seen):
            return "TrailAlreadyExistsException"
        return "MaximumNumberOfTrailsExceededException" if any(len(seen) > 5 for seen in shown) else ""

    def change(self, region: str, name: str, **changes: Any) -> str:
        found = self.find(region, name)
        if found is None:
            return "TrailNotFoundException"
        if found.region != region:
            return "InvalidHomeRegionException"
        new = replace(found, **changes)
        if error := (self.no_room(new) if new.multi > found.multi else "") or _bucket_error(new.bucket):
            return error
        self.trails[found.arn] = new
        return ""

    def delete(self, region: str, name: str) -> str:
        error = self.change(region, name)
        if not error:
            found = self.find(region, name)
            assert found is not None
            del self.trails[found.arn]
        return error


def _bucket_error(bucket: str) -> str:
    return {"gone": "S3BucketDoesNotExistException", "bad": "InsufficientS3BucketPolicyException"}.get(bucket, "")


class TrailMachine(RuleBasedStateMachine):
    """Each rule makes one call and asks the model what should come of it."""

    @initialize()
    def start(self) -> None:
        self.closing = ExitStack()
        folder = Path(self.closing.enter_context(TemporaryDirectory()))
        (folder / "accounts.toml").write_text(ACCOUNT)
        options = EmulatorOptions(account=folder / "accounts.toml", traffic=False)
        emulator = self.closing.enter_context(running(options))
        self.clients = {region: boto_client(emulator.endpoint_url, region=region) for region in REGIONS}
        self.model = Model()
        for region, name in (("us-east-1", "alpha"), ("eu-west-1", "beta")):
            self.create(region=region, name=name, bucket="one", prefix=None, multi=False)

    def teardown(self) -> None:
        for client in self.clients.values():
            client.close()
        self.closing.close()

    def outcome(self, region: str, method: str, **parameters: Any) -> str:
        try:
            getattr(self.clients[region], method)(**parameters)
        except ClientError as failure:
            return error_of(failure)[0]
        return ""

    def spelled(self, region: str, name: str, by_arn: bool) -> str:
        return Expected(region, name, "").arn if by_arn else name

    @rule(region=regions, name=names, bucket=buckets, prefix=prefixes, multi=flags)
    def create(self, region: str, name: str, bucket: str, prefix: str | None, multi: bool) -> None:
        sent = {} if prefix is None else {"S3KeyPrefix": prefix}
        outcome = self.outcome(region, "create_trail", Name=name, S3BucketName=bucket, IsMultiRegionTrail=multi, **sent)
        assert outcome == self.model.create(region, name, bucket, prefix, multi)

    @rule(region=regions, home=regions, name=names, bucket=st.none() | buckets, prefix=prefixes, by_arn=flags)
    def update(
        self, *, region: str, home: str, name: str, bucket: str | None, prefix: str | None, by_arn: bool
    ) -> None:
        spelled = self.spelled(home, name, by_arn)
        sent = {} if prefix is None else {"S3KeyPrefix": prefix}
        changes: dict[str, Any] = {} if prefix is None else {"prefix": prefix or None}
        if bucket is not None:
            sent["S3BucketName"] = changes["bucket"] = bucket
        assert self.outcome(region, "update_trail", Name=spelled, **sent) == self.model.change(
            region, spelled, **changes
        )

    @rule(region=regions, home=regions, name=names, by_arn=flags, multi=flags)
    def widen_or_narrow(self, region: str, home: str, name: str, by_arn: bool, multi: bool) -> None:
        spelled = self.spelled(home, name, by_arn)
        outcome = self.outcome(region, "update_trail", Name=spelled, IsMultiRegionTrail=multi)
        assert outcome == self.model.change(region, spelled, multi=multi)

    @rule(region=regions, home=regions, name=names, by_arn=flags, on=flags)
    def switch(self, region: str, home: str, name: str, by_arn: bool, on: bool) -> None:
        spelled = self.spelled(home, name, by_arn)
        outcome = self.outcome(region, "start_logging" if on else "stop_logging", Name=spelled)
        assert outcome == self.model.change(region, spelled, logging=on)

    @rule(region=regions, home=regions, name=names, by_arn=flags)
    def delete(self, region: str, home: str, name: str, by_arn: bool) -> None:
        spelled = self.spelled(home, name, by_arn)
        assert self.outcome(region, "delete_trail", Name=spelled) == self.model.delete(region, spelled)

    @precondition(lambda self: bool(self.model.trails))
    @rule(data=st.data(), act=st.sampled_from(("widen or narrow", "switch", "delete")), by_arn=flags, on=flags)
    def change_at_home(self, data: st.DataObject, act: str, by_arn: bool, on: bool) -> None:
        """A trail that is there, in its own Region: few of the calls above meet one."""
        trail = self.model.trails[data.draw(st.sampled_from(sorted(self.model.trails)))]
        spelled = trail.arn if by_arn else trail.name
        if act == "delete":
            expected = self.model.delete(trail.region, spelled)
            assert self.outcome(trail.region, "delete_trail", Name=spelled) == expected
        elif act == "switch":
            expected = self.model.change(trail.region, spelled, logging=on)
            assert self.outcome(trail.region, "start_logging" if on else "stop_logging", Name=spelled) == expected
        else:
            expected = self.model.change(trail.region, spelled, multi=on)
            assert self.outcome(trail.region, "update_trail", Name=spelled, IsMultiRegionTrail=on) == expected

    @invariant()
    def every_region_shows_what_the_model_has(self) -> None:
        for region, client in self.clients.items():
            shown = {
                (t["TrailARN"], t["HomeRegion"], t["S3BucketName"], t.get("S3KeyPrefix"), t["IsMultiRegionTrail"])
                for t in client.describe_trails()["trailList"]
            }
            assert shown == {(t.arn, t.region, t.bucket, t.prefix, t.multi) for t in self.model.seen(region)}

    @rule(region=regions)
    def every_trail_says_whether_it_logs(self, region: str) -> None:
        for trail in self.model.seen(region):
            assert self.clients[region].get_trail_status(Name=trail.arn)["IsLogging"] is trail.logging


TestTrails = TrailMachine.TestCase
TestTrails.settings = settings(max_examples=examples(20), stateful_step_count=20, deadline=None)
