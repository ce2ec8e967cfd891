"""Questions that people ask of CloudTrail, each as a filter line: what `Q` offers.

A blank is a name in braces, such as {role}: a person fills it in. Lines name calls where no kind of event says the
same; a call that was tried and refused counts as well.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from ctui.model.filter.parse import parse_filter

_BLANK = re.compile(r"\{([a-z][a-z ]*)\}")
_MOST_OWN = 100
"""Questions of a person's own, at most."""
_LONGEST = 200
"""Characters of the title of one of them."""


class Question(NamedTuple):
    """A question and the line that asks it."""

    title: str
    line: str

    @property
    def blanks(self) -> tuple[str, ...]:
        """The names of its blanks, in their order."""
        return tuple(_BLANK.findall(self.line))

    @property
    def to_fill(self) -> tuple[str, int]:
        """The line without its blanks, and the index where the first of them is to be filled in."""
        first = _BLANK.search(self.line)
        return _BLANK.sub("", self.line), len(self.line) if first is None else first.start()

    def filled(self, *values: str) -> str:
        """The line with these values in its blanks, one for each."""
        left = iter(values)
        return _BLANK.sub(lambda _: next(left), self.line)


QUESTIONS: tuple[Question, ...] = tuple(
    Question(title, line)
    for title, line in (
        ("What is notable?", "is:notable"),
        ("Who deleted it?", "about:{name} is:delete"),
        ("Who changed it?", "about:{name} is:write"),
        ("What was deleted?", "is:delete -is:error"),
        ("What did this person do?", "who:{name}"),
        ("What did this access key do?", "key:{access key}"),
        ("What did this key list and read?", "key:{access key} is:read"),
        ("What came from this network?", "ip:{network}"),
        ("What came from outside our networks?", "-ip:{networks}"),
        ("Is anything from this file here?", "any:@{file}"),
        ("What was this role denied?", "role:{role} is:denied"),
        ("Who was denied what?", "is:denied"),
        ("What failed for other reasons?", "is:error -is:denied"),
        ("Who signed in to the console?", "is:login"),
        ("Who signed in without MFA?", "is:login -is:mfa"),
        ("Which sign-ins failed?", "is:login is:error"),
        ("What did root do?", "is:root"),
        ("What was changed in the console?", "is:console is:write"),
        ("What did another account do here?", "is:foreign"),
        ("What was seen for the first time?", "is:new"),
        ("What was called unusually often?", "is:insight"),
        ("Who took this role?", "name:AssumeRole* resource:{role}"),
        ("Which secrets were read?", "is:secret"),
        ("Which secrets did no service read?", "is:secret -is:service"),
        ("Which permissions were changed?", "is:permission"),
        (
            "Which users and keys were made?",
            "name:CreateUser,CreateAccessKey,CreateLoginProfile,UpdateLoginProfile,CreateServiceSpecificCredential,"
            "UploadSSHPublicKey,UploadSigningCertificate,CreateVirtualMFADevice,EnableMFADevice",
        ),
        ("Who may take which role now?", "name:CreateRole,UpdateAssumeRolePolicy"),
        (
            "Was MFA or the password weakened?",
            "name:DeactivateMFADevice,DeleteVirtualMFADevice,DeleteAccountPasswordPolicy,UpdateAccountPasswordPolicy",
        ),
        (
            "Was a way of signing in added?",
            "name:CreateSAMLProvider,UpdateSAMLProvider,CreateOpenIDConnectProvider,AddClientIDToOpenIDConnectProvider,"
            "UpdateOpenIDConnectProviderThumbprint,CreateTrustAnchor,CreateProfile",
        ),
        (
            "What was made public or shared?",
            "name:PutBucketPolicy,PutBucketAcl,PutObjectAcl,DeleteBucketPublicAccessBlock,PutBucketPublicAccessBlock,"
            "PutAccountPublicAccessBlock,DeleteAccountPublicAccessBlock,ModifySnapshotAttribute,ModifyImageAttribute,"
            "ModifyDBSnapshotAttribute,ModifyDBClusterSnapshotAttribute,PutKeyPolicy,PutResourcePolicy,"
            "SetRepositoryPolicy,AddPermission*,CreateFunctionUrlConfig*,CreateResourceShare,AssociateResourceShare",
        ),
        (
            "What was opened to the world?",
            'name:AuthorizeSecurityGroupIngress,ModifySecurityGroupRules ("0.0.0.0/0" OR "::/0")',
        ),
        (
            "Was logging touched?",
            "name:StopLogging,DeleteTrail,UpdateTrail,PutEventSelectors,PutInsightSelectors,DeleteEventDataStore,"
            "StopEventDataStoreIngestion,DeleteFlowLogs,DeleteDetector,UpdateDetector,StopConfigurationRecorder,"
            "DeleteConfigurationRecorder,DeleteDeliveryChannel,DeleteLogGroup,DeleteLogStream,PutRetentionPolicy,"
            "DisableSecurityHub,LeaveOrganization",
        ),
        (
            "Was a key to data taken away?",
            "name:ScheduleKeyDeletion,DisableKey,DeleteImportedKeyMaterial,DeleteSecret,DeleteBackupVault,"
            "DeleteRecoveryPoint,DeleteSnapshot,DeleteDBSnapshot,DeleteBucket",
        ),
        (
            "Was computing power started?",
            "name:RunInstances,RequestSpotInstances,CreateFunction*,CreateCluster,RunTask",
        ),
        ("What happened in the organization?", "source:organizations is:write"),
        ("What changed since then?", "is:write -is:service since:{when}"),
        ("What have I marked?", "is:marked"),
    )
)
"""What people ask, the most urgent first."""


def own_questions(table: Iterable[tuple[str, object]]) -> tuple[Question, ...]:
    """A person's own questions, by title. Raises ValueError with a reason if one cannot be used."""
    questions: list[Question] = []
    for title, line in table:
        if not isinstance(line, str) or not line.strip():
            raise ValueError(f"{title!r} must be a filter line in quotes")
        if not title.strip() or len(title) > _LONGEST:
            raise ValueError(f"a title has 1 to {_LONGEST} characters")
        question = Question(title, line)
        if not question.blanks:
            try:
                parse_filter(line)
            except ValueError as error:
                raise ValueError(f"{title!r} is no filter line: {error}") from error
        questions.append(question)
        if len(questions) > _MOST_OWN:
            raise ValueError(f"there are more than {_MOST_OWN} of them")
    return tuple(questions)
