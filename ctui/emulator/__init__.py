"""A CloudTrail API on loopback, written from the API reference alone: an independent witness for tests and demos.

The way of a call: `front` (HTTP, limits) -> `service` (`signature`, `protocol`, `faults`, `pacing`) -> `operations` ->
answer, and through `record` and `envelope` into `history`, as every call is recorded. What can be refused, and how,
stands in `errors`; what an account holds, in the account file (`account`, `builtin.toml`); trails and their status, in
`trails`. `delivery` writes the files of trails that log, `traffic` makes up what goes on, `load` takes real files in.
`server` puts it together, `serve` runs it as a command, `testing` lends it to other people's tests.
"""
