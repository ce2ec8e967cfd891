"""Exceptions of the AWS library for calls it cannot make. ctui makes no such call, so its installation is broken.

The table names each class, so that a test notices when a new release adds one.
"""

from importlib.metadata import version

from botocore import exceptions as theirs

from ctui.aws.errors.transport_row import Table, TransportRow
from ctui.errors import ConnectionProblem

_REINSTALL = "Reinstall ctui in its own environment. If that does not help, report this with the botocore version."

_INCOMPLETE = TransportRow(
    ConnectionProblem,
    "AWS library incomplete",
    lambda _, context: (
        f"botocore {version('botocore')} cannot make {context.action or 'the login'}: its data files are "
        "missing, or AWS_DATA_PATH points elsewhere."
    ),
    f"Unset AWS_DATA_PATH if it is set. {_REINSTALL}",
)
_REFUSED = TransportRow(
    ConnectionProblem,
    "Call not made",
    lambda _, context: f"botocore {version('botocore')} rejected {context.action or 'the login'} before sending it.",
    _REINSTALL,
)

LIBRARY_ERRORS: Table = {
    **dict.fromkeys(
        (
            theirs.ApiVersionNotFoundError,
            theirs.DataNotFoundError,
            theirs.UnknownServiceError,
            theirs.UnknownServiceStyle,
            theirs.UnsupportedServiceProtocolsError,
            theirs.UndefinedModelAttributeError,
            theirs.MissingServiceIdError,
            theirs.MD5UnavailableError,
            theirs.UnknownCredentialError,
            theirs.UnknownTokenProviderError,
        ),
        _INCOMPLETE,
    ),
    **dict.fromkeys(
        (
            theirs.BotoCoreError,
            theirs.ValidationError,
            theirs.AliasConflictParameterError,
            theirs.ParamValidationError,
            theirs.MissingParametersError,
            theirs.RangeError,
            theirs.UnknownKeyError,
            theirs.UnknownParameterError,
            theirs.UnknownClientMethodError,
            theirs.InvalidExpressionError,
            theirs.OperationNotPageableError,
            theirs.PaginationError,
            theirs.StubResponseError,
            theirs.StubAssertionError,
            theirs.UnStubbedResponseError,
            theirs.UnseekableStreamError,
            theirs.WaiterConfigError,
            theirs.WaiterError,
            theirs.InvalidDNSNameError,
            theirs.InvalidS3AddressingStyleError,
            theirs.InvalidS3UsEast1RegionalEndpointConfigError,
            theirs.UnsupportedOutpostResourceError,
            theirs.UnsupportedS3AccesspointConfigurationError,
            theirs.UnsupportedS3ArnError,
            theirs.UnsupportedS3ConfigurationError,
            theirs.UnsupportedS3ControlArnError,
            theirs.UnsupportedS3ControlConfigurationError,
        ),
        _REFUSED,
    ),
}
