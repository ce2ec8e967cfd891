"""A CloudTrail API on loopback, written from the API reference alone: an independent witness for tests and demos.

A call goes through `front` (HTTP, limits), `api` (signature, protocol, faults, pacing) and an operation, whose result
is the answer. Every call is recorded: `operations.call_record` and `records.envelope` make the event that
`records.event_history` keeps. `errors` has every error in both editions. The account file (`account`, `builtin.toml`)
says what an account has, `account.trails` keeps trails and their status. `delivery` writes the files of logging trails,
`traffic` makes sample events, `filling` adds those of the past, `records.load` reads real files. `server` puts it
together, `serve` is the command, `testing` is the pytest fixture.
"""
