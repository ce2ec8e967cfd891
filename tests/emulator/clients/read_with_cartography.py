"""Prints what cartography reads of CloudTrail, as JSON: Region -> names of trails and number of AssumeRole events.

Run by test_clients.py with cartography's Python. Loading the result takes a Neo4j, and is nothing of the emulator's.
"""

import json
import sys

import boto3
from cartography.intel.aws import cloudtrail, cloudtrail_management_events  # type: ignore[import-not-found]

account, *regions = sys.argv[1:]
session = boto3.Session()
found = {}
for region in regions:
    trails = cloudtrail.transform_cloudtrail_trails(cloudtrail.get_cloudtrail_trails(session, region, account), region)
    events = cloudtrail_management_events.get_assume_role_events(session, region, 24)
    found[region] = [sorted(trail["Name"] for trail in trails), len(events)]
sys.stdout.write(json.dumps(found))
