"""What is left out of AWS's libraries, and that nothing else changes by it."""

import json
import os
from pathlib import Path

import botocore
import pytest
from botocore.regions import EndpointResolver
from botocore.session import Session

from ctui.aws.login.lean import SERVICES, few_endpoints, read_less, without_certificates, without_manual

CONTENT = (Path(botocore.__file__).parent / "data" / "endpoints.json").read_bytes()


def test_endpoints_are_those_of_the_whole_list() -> None:
    whole, few = EndpointResolver(json.loads(CONTENT)), EndpointResolver(few_endpoints(CONTENT))
    for partition in whole.get_available_partitions():
        regions = [
            region
            for each in json.loads(CONTENT)["partitions"]
            if each["partition"] == partition
            for region in each["regions"]
        ]
        assert regions
        for region in (*regions, "mars-1"):
            for service in (*SERVICES, "no-such-service"):
                assert few.construct_endpoint(service, region) == whole.construct_endpoint(service, region)
        for service in SERVICES:
            assert few.get_available_endpoints(service, partition) == whole.get_available_endpoints(service, partition)
    assert few.get_partition_for_region("cn-north-1") == "aws-cn"


@pytest.mark.parametrize("service", ["cloudtrail", "sts", "sso", "sso-oidc"])
def test_a_session_reads_few_endpoints_no_manual_and_all_else_as_before(service: str) -> None:
    session, other = Session(), Session()
    read_less(session)
    loader, whole = session.get_component("data_loader"), other.get_component("data_loader")
    assert len(loader.load_data("endpoints")["partitions"][0]["services"]) < len(SERVICES) + 1
    assert loader.load_data("partitions") == whole.load_data("partitions")
    for kind in ("service-2", "endpoint-rule-set-1", "paginators-1"):
        model, before = loader.load_service_model(service, kind), whole.load_service_model(service, kind)
        assert model == without_manual(before)
        assert json.dumps(model) == json.dumps(without_manual(before)), "in the same order"
        assert '"documentation": "' not in json.dumps(model)


def test_of_ec2_one_operation_is_read_and_all_that_it_needs() -> None:
    session = Session()
    read_less(session)
    model = session.get_component("data_loader").load_service_model("ec2", "service-2")
    whole = without_manual(Session().get_component("data_loader").load_service_model("ec2", "service-2"))
    assert model["operations"] == {"DescribeRegions": whole["operations"]["DescribeRegions"]}
    assert model["metadata"] == whole["metadata"]
    assert len(model["shapes"]) < 20
    for name, shape in model["shapes"].items():
        assert shape == whole["shapes"][name]
    assert session.get_service_model("ec2").operation_model("DescribeRegions").output_shape.members["Regions"]


def test_only_texts_are_of_the_manual() -> None:
    shape = {
        "documentation": "<p>",
        "members": {"documentation": {"shape": "Text"}},
        "enum": [{"documentation": ""}, 1],
    }
    assert without_manual(shape) == {"members": {"documentation": {"shape": "Text"}}, "enum": [{}, 1]}


@pytest.mark.parametrize("content", [b"{", b'{"partitions": 3}'])
def test_a_broken_list_of_a_persons_own_is_told_by_botocore(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (tmp_path / "endpoints.json").write_bytes(content)
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    results = []
    for lean in (False, True):
        session = Session()
        if lean:
            read_less(session)
        try:
            results.append(str(session.get_component("data_loader").load_data("endpoints")))
        except ValueError as error:
            results.append(str(error))
    assert results[0] == results[1]


def test_the_names_of_certificates_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/own.pem")
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    monkeypatch.delitem(__import__("sys").modules, "aiohttp", raising=False)
    with without_certificates():
        assert os.environ["SSL_CERT_FILE"] == os.environ["SSL_CERT_DIR"] == os.devnull
    assert os.environ["SSL_CERT_FILE"] == "/own.pem"
    assert "SSL_CERT_DIR" not in os.environ
