"""A CloudTrail API on loopback, written from the API reference alone: an independent witness for tests and demos.

A call goes through `front` (HTTP, limits), `api` (signature, protocol, faults, pacing) and an operation, whose result
is the answer. Every call is recorded: `operations.call_record` and `records.envelope` make the event that
`records.event_history` keeps. `services` has the services that clients ask besides: STS, the sign-in portal, accounts
and Regions. `errors` has every error in both editions. `account` has the account files (`builtin.toml` and another),
`account.trails` keeps trails and their status, `account.temporary` issues credentials.
`delivery` writes the files of logging trails, `traffic` makes sample events, `filling` adds those of the past,
`records.load` reads real files. `server` puts it together, `serve` is the command, `testing` has the pytest fixtures.
"""
