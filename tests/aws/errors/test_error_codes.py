"""The table of error codes: each code through a read, a write and a form."""

import pytest
from support.fakes.http_service import HttpService

from ctui.aws.client import AwsGateway
from ctui.errors import (
    AccessDenied,
    BadCredentials,
    CtuiError,
    ExpiredLogin,
    InvalidNextToken,
    NotCloudTrail,
    OutcomeUnknown,
    ServiceError,
    Throttled,
    TrailNotFound,
)
from ctui.model.trail.error_codes import ERROR_ROWS, ErrorKind, ErrorRow, error_row, rows_by_code
from ctui.ui.forms.error_text import describe_error

# Service and connection are shared by the module, and so is the loop they live on.
pytestmark = pytest.mark.asyncio(loop_scope="module")

ARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit"
CLASSES: dict[ErrorKind, type[CtuiError]] = {
    ErrorKind.REFUSED: ServiceError,
    ErrorKind.FAILED: ServiceError,
    ErrorKind.THROTTLED: Throttled,
    ErrorKind.ACCESS_DENIED: AccessDenied,
    ErrorKind.BAD_CREDENTIALS: BadCredentials,
    ErrorKind.EXPIRED_LOGIN: ExpiredLogin,
    ErrorKind.INVALID_NEXT_TOKEN: InvalidNextToken,
    ErrorKind.TRAIL_NOT_FOUND: TrailNotFound,
    ErrorKind.NOT_CLOUDTRAIL: NotCloudTrail,
}
EVERY_CODE = [(code, row) for row in ERROR_ROWS for code in row.codes]
EVERY_MESSAGE = [
    *((row.codes[0], "Some words of the service.", row) for row in ERROR_ROWS),
    *((row.codes[0], f"Oh: {part.capitalize()} x.", other) for row in ERROR_ROWS for part, other in row.by_message),
]


async def read_error(service: HttpService, gateway: AwsGateway, code: str, message: str) -> CtuiError:
    service.says({"__type": code, "message": message}, 400)
    with pytest.raises(CtuiError) as caught:
        await gateway.get_trail_status("us-east-1", ARN)
    return caught.value


@pytest.mark.parametrize(("code", "row"), EVERY_CODE, ids=[code for code, _ in EVERY_CODE])
async def test_each_code_of_a_read_becomes_the_error_that_the_table_says(
    service: HttpService, gateway: AwsGateway, code: str, row: ErrorRow
) -> None:
    error = await read_error(service, gateway, code, "Some words of the service.")
    assert type(error) is CLASSES[row.kind]
    assert error.title == row.title or (not row.title and error.title in (code, "Not a CloudTrail API"))
    assert "Some words of the service." in error.message
    assert error.remedy
    assert "{" not in error.remedy


@pytest.mark.parametrize("status", [400, 403, 503])
@pytest.mark.parametrize(("code", "row"), EVERY_CODE, ids=[code for code, _ in EVERY_CODE])
async def test_each_code_of_a_write_says_whether_the_change_may_have_been_made(
    service: HttpService, gateway: AwsGateway, code: str, row: ErrorRow, status: int
) -> None:
    service.says({"__type": code, "message": "Some words of the service."}, status)
    with pytest.raises(CtuiError) as caught:
        await gateway.stop_logging("us-east-1", ARN)
    error = caught.value
    assert isinstance(error, OutcomeUnknown) is row.write_may_have_happened
    assert "Some words of the service." in error.message
    if not row.write_may_have_happened:
        assert type(error) is CLASSES[row.kind]


@pytest.mark.parametrize(("code", "message", "row"), EVERY_MESSAGE, ids=[f"{one[0]} {one[1]}" for one in EVERY_MESSAGE])
async def test_each_row_has_its_place_and_its_words_in_a_form(
    service: HttpService, gateway: AwsGateway, code: str, message: str, row: ErrorRow
) -> None:
    shown = describe_error(await read_error(service, gateway, code, message))
    assert shown.field is row.field
    assert shown.policies == row.policies
    assert shown.remedy
    assert "{" not in shown.remedy
    assert "press r" not in shown.remedy.lower()


async def test_an_unknown_code_counts_by_its_status(service: HttpService, gateway: AwsGateway) -> None:
    assert error_row("SomethingNew", "x", 400) is None
    assert error_row("SomethingNew", "x", 429) is error_row("Throttling", "x", 400)
    assert error_row("SomethingNew", "x", 502) is error_row("InternalFailure", "x", 500)
    error = await read_error(service, gateway, "SomethingNew", "Some words.")
    assert (type(error), error.title, error.remedy) == (ServiceError, "SomethingNew", "")


async def test_no_code_is_in_the_table_twice() -> None:
    with pytest.raises(ValueError, match="Throttling is in the table"):
        rows_by_code([*ERROR_ROWS, ErrorRow(("Throttling",))])
