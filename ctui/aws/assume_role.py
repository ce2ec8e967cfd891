"""AssumeRoleConnector: opens a gateway to an account that a person listed, with the key of a role there."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from ctui.aws.connector import Resolved, SharedLogin
from ctui.errors import AccessDenied, BadCredentials, ConnectionProblem, ExpiredLogin, NoCredentials
from ctui.model.assumed_role import AssumedRole
from ctui.model.clock import Clock, SystemClock
from ctui.model.connection import Connection, LoginTrace
from ctui.threads import off_loop

if TYPE_CHECKING:
    from ctui.aws.client import AwsGateway
    from ctui.aws.decode.caller import RoleKey
    from ctui.aws.login.login import Login

_LOGIN_IS_OVER = (ExpiredLogin, NoCredentials, BadCredentials)
_RENEWAL_SHARE = 0.75
"""The share of a call's seconds that renewing its key may take: it must end before the call that waits for it."""


class AssumeRoleConnector:
    """Assumes a role with a login that others share, and renews its key with the login that there is by then
    (core's Connector). The key can do nothing but read with the calls of ctui."""

    def __init__(self, login: SharedLogin, role: AssumedRole, clock: Clock | None = None) -> None:
        self._login = login
        self._role = role
        self._clock = clock or SystemClock()

    async def connect(self, resolved: Resolved = lambda connection: None) -> "AwsGateway":
        """A gateway that signs with the role's key. Raises ConnectionProblem, AccessDenied and other errors of ours.

        A login that was there before, and turns out to be over, is made again once.
        """

        def resolved_as_role(connection: Connection) -> Awaitable[object] | None:
            return resolved(self._connection(connection))

        over: Login | None = None
        while True:
            before = self._login.current
            login = await self._login.get(resolved_as_role, instead_of=over)
            try:
                return await self._open(login)
            except _LOGIN_IS_OVER:
                if login is not before or over is not None:
                    raise
                over = login

    def _connection(self, of_login: Connection) -> Connection:
        return replace(of_login, login=LoginTrace(account=self._role.account))

    async def _open(self, login: "Login") -> "AwsGateway":
        from ctui.aws.errors.error_context import CredentialKind  # noqa: PLC0415 - the login has imported it
        from ctui.aws.login.role_credentials import RoleCredentials  # noqa: PLC0415 - as above

        self._check_partition(login.partition)
        credentials = RoleCredentials(self._assume, self._role.account, self._clock)
        # The role is assumed at the first use: here, where the reason of a refusal is that of the connection.
        await credentials.get_frozen_credentials()
        kind = CredentialKind(credentials.method, session_token=True)
        connection = self._connection(login.connection)
        as_role = replace(login, connection=connection, kind=kind, credentials=credentials)
        return await off_loop(as_role.prepared, "ctui-client")

    def _check_partition(self, partition: str) -> None:
        if self._role.partition not in ("", partition):
            raise ConnectionProblem(
                "Role of another partition",
                f"{self._role.arn_in(partition)} is in {self._role.partition}, and this login is in {partition}: no "
                "login reaches from one into the other.",
                "Start ctui with a profile of that partition, or take the role from the list.",
            )

    async def _assume(self) -> "tuple[RoleKey, datetime]":
        """A key, and the service's time at the answer."""
        from ctui.aws.errors.denials import role_denied  # noqa: PLC0415 - the login has imported it
        from ctui.aws.login.role_credentials import SESSION_POLICY, session_name  # noqa: PLC0415 - as above

        # A new login may be waiting for a person; the one that there is may do.
        login = self._login.current or await self._login.get(lambda _: None)
        patience = login.options.patience * _RENEWAL_SHARE
        in_time = replace(login, options=replace(login.options, patience=patience))
        gateway = await off_loop(in_time.gateway, "ctui-client")
        arn = self._role.arn_in(login.partition)
        try:
            key = await gateway.assume_role(arn, session_name(), SESSION_POLICY)
            return key, gateway.server_time or self._clock.now()
        except AccessDenied as error:
            raise role_denied(error, arn) from error
        finally:
            await gateway.close()
