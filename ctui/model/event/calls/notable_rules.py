"""Which API calls are notable, and which read secrets: two tables.

A call is notable if it changes who has access or what is recorded, shows data to others, or takes data away for good;
what is notable about its caller is in `notable.py`. Techniques are those of MITRE ATT&CK for cloud (attack.mitre.org).
The choice is ours, from the techniques of Stratus Red Team, the CIS AWS Foundations Benchmark (monitoring), AWS's
incident response playbooks and the lists of policy-sentry.
"""

from ctui.model.event.calls.conditions import (
    Condition,
    allows_anyone,
    has,
    lacks,
    opens_to_the_world,
    outside_principal,
    reads_no_public_parameter,
)
from ctui.model.values import dataclass

TECHNIQUES = {
    "T1021.004": "Remote Services: SSH",
    "T1040": "Network Sniffing",
    "T1078.004": "Valid Accounts: Cloud Accounts",
    "T1098": "Account Manipulation",
    "T1098.001": "Additional Cloud Credentials",
    "T1098.003": "Additional Cloud Roles",
    "T1098.004": "SSH Authorized Keys",
    "T1098.006": "Additional Container Cluster Roles",
    "T1110": "Brute Force",
    "T1136.003": "Create Account: Cloud Account",
    "T1199": "Trusted Relationship",
    "T1484.002": "Trust Modification",
    "T1485": "Data Destruction",
    "T1490": "Inhibit System Recovery",
    "T1530": "Data from Cloud Storage",
    "T1531": "Account Access Removal",
    "T1535": "Unused Cloud Regions",
    "T1537": "Transfer Data to Cloud Account",
    "T1548.005": "Temporary Elevated Cloud Access",
    "T1550.001": "Application Access Token",
    "T1552": "Unsecured Credentials",
    "T1556": "Modify Authentication Process",
    "T1556.006": "Multi-Factor Authentication",
    "T1562.001": "Disable or Modify Tools",
    "T1562.007": "Disable or Modify Cloud Firewall",
    "T1562.008": "Disable or Modify Cloud Logs",
    "T1578": "Modify Cloud Compute Infrastructure",
    "T1651": "Cloud Administration Command",
    "T1666": "Modify Cloud Resource Hierarchy",
}
"""The name of each technique in the table."""


@dataclass(frozen=True, slots=True)
class CallRule:
    """Calls of a service that are notable, all of them or those whose record meets a condition."""

    service: str
    """The event source without .amazonaws.com."""
    calls: str
    """Their names without the version of the API, separated by blanks."""
    reason: str = ""
    """What the call does, as it follows "It"; of a failed one, what it tried."""
    technique: str = ""
    """The technique that such a call can be part of; "" if none fits."""
    condition: Condition | None = None
    """What the record must meet; None for every such call."""


_ACL_FOR_ALL = (
    "http://acs.amazonaws.com/groups/global/AllUsers", "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
    "public-read", "public-read-write", "authenticated-read",
)  # fmt: skip
"""Who gets a bucket's grant if everyone does: groups in an ACL, and ready-made ACLs."""

_LOGGING = (
    CallRule("cloudtrail", "StopLogging", "stops a trail", "T1562.008"),
    CallRule("cloudtrail", "DeleteTrail", "deletes a trail", "T1562.008"),
    CallRule("cloudtrail", "UpdateTrail", "changes a trail", "T1562.008"),
    CallRule("cloudtrail", "PutEventSelectors PutInsightSelectors", "changes what a trail records", "T1562.008"),
    CallRule("cloudtrail", "DeleteEventDataStore StopEventDataStoreIngestion UpdateEventDataStore",
             "changes or ends an event data store", "T1562.008"),
    CallRule("config", "StopConfigurationRecorder DeleteConfigurationRecorder DeleteDeliveryChannel",
             "ends the recording of configurations", "T1562.001"),
    CallRule("guardduty", "DeleteDetector", "ends GuardDuty", "T1562.001"),
    CallRule("guardduty", "UpdateDetector", "turns GuardDuty off", "T1562.001",
             has("requestParameters.enable", "false")),
    CallRule("guardduty", "CreateFilter UpdateFilter CreateIPSet UpdateIPSet DeletePublishingDestination",
             "changes what GuardDuty reports", "T1562.001"),
    CallRule("guardduty",
             "DisassociateFromMasterAccount DisassociateFromAdministratorAccount DisassociateMembers DeleteMembers "
             "StopMonitoringMembers",
             "takes an account out of GuardDuty's view", "T1562.001"),
    CallRule("securityhub", "DisableSecurityHub DisassociateFromAdministratorAccount DisassociateFromMasterAccount",
             "turns Security Hub off, or leaves it", "T1562.001"),
    CallRule("macie2", "DisableMacie", "turns Macie off", "T1562.001"),
    CallRule("inspector2", "Disable", "turns Inspector off", "T1562.001"),
    CallRule("access-analyzer", "DeleteAnalyzer", "deletes an access analyzer", "T1562.001"),
    CallRule("detective", "DeleteGraph", "ends Detective", "T1562.001"),
    CallRule("ec2", "DeleteFlowLogs", "ends the logging of network traffic", "T1562.008"),
    CallRule("logs", "DeleteLogGroup DeleteLogStream", "deletes logs", "T1562.008"),
    CallRule("logs", "DeleteSubscriptionFilter DeleteDestination", "ends the delivery of logs", "T1562.008"),
    CallRule("logs", "PutRetentionPolicy", "keeps logs for days only", "T1562.008",
             has("requestParameters.retentionInDays", "1", "3", "5", "7")),
    CallRule("route53resolver", "DeleteResolverQueryLogConfig DisassociateResolverQueryLogConfig",
             "ends the logging of DNS queries", "T1562.008"),
    CallRule("waf", "DeleteLoggingConfiguration DeleteWebACL DeleteRule", "weakens a web firewall", "T1562.007"),
    CallRule("wafv2", "DeleteLoggingConfiguration DeleteWebACL", "weakens a web firewall", "T1562.007"),
    CallRule("monitoring", "DeleteAlarms DisableAlarmActions", "silences alarms", "T1562.001"),
    CallRule("events", "DisableRule DeleteRule", "ends a rule that may alert", "T1562.001"),
    CallRule("bedrock", "DeleteModelInvocationLoggingConfiguration", "ends the logging of model calls", "T1562.008"),
    CallRule("organizations", "LeaveOrganization RemoveAccountFromOrganization",
             "takes an account out of its organization", "T1666"),
    CallRule("organizations", "DetachPolicy DisablePolicyType DeletePolicy",
             "lifts a policy of the organization", "T1666"),
)  # fmt: skip

_ACCESS = (
    CallRule("iam", "CreateUser", "creates a user", "T1136.003"),
    CallRule("iam", "CreateRole", "creates a role", "T1136.003"),
    CallRule("iam", "CreateAccessKey", "creates an access key", "T1098.001"),
    CallRule("iam", "UpdateAccessKey", "turns an access key on", "T1098.001",
             has("requestParameters.status", "Active")),
    CallRule("iam", "CreateLoginProfile UpdateLoginProfile", "sets a user's console password", "T1098.001"),
    CallRule("iam",
             "CreateServiceSpecificCredential ResetServiceSpecificCredential UploadSSHPublicKey "
             "UploadSigningCertificate",
             "adds a credential", "T1098.001"),
    CallRule("iam", "AttachUserPolicy AttachRolePolicy AttachGroupPolicy", "gives all permissions", "T1098.003",
             has("requestParameters.policyArn", "arn:aws:iam::aws:policy/AdministratorAccess",
                 "arn:aws-cn:iam::aws:policy/AdministratorAccess",
                 "arn:aws-us-gov:iam::aws:policy/AdministratorAccess")),
    CallRule("iam",
             "AttachUserPolicy AttachRolePolicy AttachGroupPolicy PutUserPolicy PutRolePolicy PutGroupPolicy "
             "AddUserToGroup CreatePolicyVersion SetDefaultPolicyVersion",
             "gives permissions", "T1098.003"),
    CallRule("iam", "AddRoleToInstanceProfile", "gives instances a role", "T1098.003"),
    CallRule("iam", "DeleteUserPermissionsBoundary DeleteRolePermissionsBoundary",
             "removes a limit of permissions", "T1098.003"),
    CallRule("iam", "UpdateAssumeRolePolicy", "lets anyone assume a role", "T1484.002",
             allows_anyone("requestParameters.policyDocument")),
    CallRule("iam", "UpdateAssumeRolePolicy", "changes who may assume a role", "T1484.002"),
    CallRule("iam",
             "CreateSAMLProvider UpdateSAMLProvider CreateOpenIDConnectProvider AddClientIDToOpenIDConnectProvider "
             "UpdateOpenIDConnectProviderThumbprint",
             "trusts an identity provider", "T1484.002"),
    CallRule("iam", "DeactivateMFADevice DeleteVirtualMFADevice", "takes MFA away", "T1556.006"),
    CallRule("iam", "EnableMFADevice", "adds an MFA device", "T1556.006"),
    CallRule("iam", "DeleteAccountPasswordPolicy UpdateAccountPasswordPolicy", "changes the password policy", "T1556"),
    CallRule("iam", "DeleteUser DeleteLoginProfile", "takes a user's access away", "T1531"),
    CallRule("rolesanywhere", "CreateTrustAnchor CreateProfile UpdateProfile", "trusts certificates from outside",
             "T1484.002"),
    CallRule("sso",
             "CreatePermissionSet AttachManagedPolicyToPermissionSet PutInlinePolicyToPermissionSet "
             "AttachCustomerManagedPolicyReferenceToPermissionSet CreateAccountAssignment",
             "gives permissions in Identity Center", "T1098.003"),
    CallRule("sso-directory", "CreateUser AddMemberToGroup UpdatePassword", "changes users of Identity Center",
             "T1136.003"),
    CallRule("identitystore", "CreateUser CreateGroupMembership", "changes users of Identity Center", "T1136.003"),
    CallRule("sts", "GetFederationToken", "makes keys that outlive the deletion of their user's keys", "T1550.001"),
    CallRule("sts", "AssumeRoot", "acts as root in a member account", "T1548.005"),
    CallRule("signin", "GetSigninToken", "turns keys into a console sign-in", "T1550.001"),
    CallRule("signin", "PasswordRecoveryRequested PasswordRecoveryCompleted PasswordUpdated EmailUpdated",
             "changes root's sign-in", "T1098"),
    CallRule("account", "EnableRegion", "turns a Region on", "T1535"),
    CallRule("account", "StartPrimaryEmailUpdate AcceptPrimaryEmailUpdate", "changes root's address", "T1098"),
    CallRule("organizations", "RegisterDelegatedAdministrator InviteAccountToOrganization",
             "changes who governs accounts", "T1666"),
    CallRule("eks", "CreateAccessEntry AssociateAccessPolicy", "gives access to a cluster", "T1098.006"),
    CallRule("ec2", "CreateKeyPair ImportKeyPair", "adds an SSH key", "T1098.004"),
    CallRule("ec2-instance-connect", "SendSSHPublicKey SendSerialConsoleSSHPublicKey", "opens a way into an instance",
             "T1021.004"),
    CallRule("ec2", "EnableSerialConsoleAccess", "opens serial consoles", "T1021.004"),
    CallRule("ec2", "AssociateIamInstanceProfile ReplaceIamInstanceProfileAssociation", "gives an instance a role",
             "T1098.003"),
    CallRule("ec2", "ModifyInstanceAttribute", "changes what an instance runs at its start", "T1578",
             has("requestParameters.userData")),
    CallRule("ec2", "CreateTrafficMirrorSession", "copies network traffic", "T1040"),
    CallRule("ssm", "SendCommand StartSession", "runs commands on machines", "T1651"),
)  # fmt: skip

_EXPOSURE = (
    CallRule("ec2", "AuthorizeSecurityGroupIngress ModifySecurityGroupRules", "opens ports to the world", "T1562.007",
             opens_to_the_world),
    CallRule("rds", "AuthorizeDBSecurityGroupIngress", "opens a database to the world", "T1562.007",
             opens_to_the_world),
    CallRule("redshift", "AuthorizeClusterSecurityGroupIngress", "opens a cluster to the world", "T1562.007",
             opens_to_the_world),
    CallRule("s3", "PutBucketPolicy", "lets anyone use a bucket", "T1530",
             allows_anyone("requestParameters.bucketPolicy")),
    CallRule("s3", "PutBucketPolicy DeleteBucketPolicy PutAccessPointPolicy", "changes who may use a bucket", "T1530"),
    CallRule("s3", "PutBucketAcl", "makes a bucket public", "T1530", has("requestParameters", *_ACL_FOR_ALL)),
    CallRule("s3", "PutBucketAcl", "changes who may use a bucket", "T1530"),
    CallRule("s3", "PutObjectAcl", "makes an object public", "T1530", has("requestParameters", *_ACL_FOR_ALL)),
    CallRule("s3", "DeleteAccountPublicAccessBlock DeletePublicAccessBlock DeleteBucketPublicAccessBlock",
             "lifts the block of public access", "T1530"),
    CallRule("s3",
             "PutBucketPublicAccessBlock PutAccountPublicAccessBlock PutAccessPointPublicAccessBlock "
             "PutPublicAccessBlock",
             "lifts the block of public access", "T1530",
             has("requestParameters.PublicAccessBlockConfiguration", "false")),
    CallRule("s3", "PutBucketReplication", "copies a bucket's objects to another", "T1537"),
    CallRule("s3", "PutBucketVersioning", "stops keeping old versions of objects", "T1490",
             has("requestParameters.VersioningConfiguration.Status", "Suspended")),
    CallRule("s3", "PutBucketLifecycle PutBucketLifecycleConfiguration", "lets objects expire within a day", "T1485",
             has("requestParameters.LifecycleConfiguration.Rule.Expiration.Days", "1")),
    CallRule("ec2", "ModifySnapshotAttribute", "makes a snapshot public", "T1537",
             has("requestParameters.createVolumePermission.add", "all")),
    CallRule("ec2", "ModifySnapshotAttribute", "shares a snapshot", "T1537",
             has("requestParameters.createVolumePermission.add")),
    CallRule("ec2", "ModifyImageAttribute", "makes an image public", "T1537",
             has("requestParameters.launchPermission.add", "all")),
    CallRule("ec2", "ModifyImageAttribute", "shares an image", "T1537", has("requestParameters.launchPermission.add")),
    CallRule("ec2", "DisableSnapshotBlockPublicAccess DisableImageBlockPublicAccess",
             "lifts the block of public access", "T1537"),
    CallRule("rds", "ModifyDBSnapshotAttribute ModifyDBClusterSnapshotAttribute", "makes a snapshot public", "T1537",
             has("requestParameters.valuesToAdd", "all")),
    CallRule("rds", "ModifyDBSnapshotAttribute ModifyDBClusterSnapshotAttribute", "shares a snapshot", "T1537",
             has("requestParameters.valuesToAdd")),
    CallRule("rds", "CreateDBInstance ModifyDBInstance", "gives a database a public address", "T1530",
             has("requestParameters.publiclyAccessible", "true")),
    CallRule("redshift", "CreateCluster ModifyCluster", "gives a cluster a public address", "T1530",
             has("requestParameters.publiclyAccessible", "true")),
    CallRule("redshift", "AuthorizeSnapshotAccess AuthorizeDataShare", "shares data with another account", "T1537"),
    CallRule("ssm", "ModifyDocumentPermission", "shares a document", "T1537", has("requestParameters.accountIdsToAdd")),
    CallRule("ram", "CreateResourceShare AssociateResourceShare", "shares resources with another account", "T1537"),
    CallRule("lambda", "AddPermission AddLayerVersionPermission", "lets others call a function", "T1098",
             outside_principal),
    CallRule("lambda", "CreateFunctionUrlConfig UpdateFunctionUrlConfig", "opens a function to the world", "T1098",
             has("requestParameters.authType", "NONE")),
    CallRule("kms", "PutKeyPolicy", "lets anyone use a key", "T1098", allows_anyone("requestParameters.policy")),
    CallRule("kms", "PutKeyPolicy", "changes who may use a key", "T1098"),
    CallRule("secretsmanager", "PutResourcePolicy", "changes who may read a secret", "T1098"),
    CallRule("sns", "AddPermission", "changes who may use a topic", "T1098"),
    CallRule("sns", "SetTopicAttributes", "changes who may use a topic", "T1098",
             has("requestParameters.attributeName", "Policy")),
    CallRule("sqs", "AddPermission", "changes who may use a queue", "T1098"),
    CallRule("sqs", "SetQueueAttributes", "changes who may use a queue", "T1098",
             has("requestParameters.attributes.Policy")),
    CallRule("ecr", "SetRepositoryPolicy PutRegistryPolicy", "changes who may use images", "T1098"),
    CallRule("elasticfilesystem", "PutFileSystemPolicy", "changes who may use a file system", "T1098"),
    CallRule("es",
             "UpdateElasticsearchDomainConfig UpdateDomainConfig CreateElasticsearchDomain CreateDomain",
             "changes who may use a search domain", "T1098", has("requestParameters.accessPolicies")),
    CallRule("glue", "PutResourcePolicy", "changes who may use the data catalog", "T1098"),
    CallRule("glacier", "SetVaultAccessPolicy", "changes who may use a vault", "T1098"),
    CallRule("backup", "PutBackupVaultAccessPolicy", "changes who may use backups", "T1098"),
    CallRule("logs", "PutResourcePolicy", "changes who may write logs", "T1098"),
    CallRule("events", "PutPermission", "changes who may send events", "T1098"),
    CallRule("route53domains", "TransferDomainToAnotherAwsAccount DisableDomainTransferLock", "lets a domain go"),
)  # fmt: skip

_LOSS = (
    CallRule("kms", "ScheduleKeyDeletion DisableKey DeleteImportedKeyMaterial", "takes a key away from its data",
             "T1485"),
    CallRule("secretsmanager", "DeleteSecret", "deletes a secret at once", "T1485",
             has("requestParameters.forceDeleteWithoutRecovery", "true")),
    CallRule("backup", "DeleteBackupVault DeleteRecoveryPoint", "deletes backups", "T1490"),
    CallRule("ec2", "DisableEbsEncryptionByDefault", "stops encrypting new volumes"),
    CallRule("organizations", "CloseAccount", "closes an account", "T1531"),
    CallRule("account", "CloseAccount", "closes an account", "T1531"),
)  # fmt: skip

NOTABLE_CALLS = (*_LOGGING, *_ACCESS, *_EXPOSURE, *_LOSS)
"""Every notable call. Of rules for the same call the first whose condition holds gives the reason."""

SECRET_READS = (
    CallRule("secretsmanager", "GetSecretValue BatchGetSecretValue"),
    CallRule("ssm", "GetParameter GetParameters GetParametersByPath GetParameterHistory",
             condition=reads_no_public_parameter),
    CallRule("ec2", "GetPasswordData"),
    CallRule("ec2", "DescribeInstanceAttribute", condition=has("requestParameters.attribute", "userData")),
    CallRule("s3", "GetObject"),
    CallRule("acm", "ExportCertificate"),
    CallRule("lightsail", "GetInstanceAccessDetails GetRelationalDatabaseMasterUserPassword DownloadDefaultKeyPair"),
    CallRule("redshift", "GetClusterCredentials GetClusterCredentialsWithIAM"),
    CallRule("redshift-serverless", "GetCredentials"),
    CallRule("sso", "GetRoleCredentials"),
    CallRule("codeartifact", "GetAuthorizationToken"),
    CallRule("apigateway", "GetApiKey", condition=has("requestParameters.includeValue", "true")),
    CallRule("apigateway", "GetApiKeys", condition=has("requestParameters.includeValues", "true")),
    CallRule("appsync", "ListApiKeys"),
    CallRule("glue", "GetConnection GetConnections", condition=lacks("requestParameters.hidePassword", "true")),
    CallRule("storagegateway", "DescribeChapCredentials"),
)  # fmt: skip
"""Calls whose answer holds a secret, a credential, or an object's content, whether they succeeded or not."""
