// All eight actions through the JavaScript SDK; prints what came back as one JSON object.
import {
  CloudTrailClient, CreateTrailCommand, DeleteTrailCommand, DescribeTrailsCommand, GetTrailStatusCommand,
  LookupEventsCommand, StartLoggingCommand, StopLoggingCommand, UpdateTrailCommand, paginateLookupEvents,
} from "@aws-sdk/client-cloudtrail";

const client = new CloudTrailClient({
  endpoint: process.argv[2], region: "us-east-1", maxAttempts: 1,
  credentials: { accessKeyId: "demo", secretAccessKey: "demo" },
});
const trail = { Name: "from-javascript" };
const out = {};
out.created = (await client.send(new CreateTrailCommand({ ...trail, S3BucketName: "spare-logs-111111111111" }))).TrailARN;
out.updated = (await client.send(new UpdateTrailCommand({ ...trail, S3KeyPrefix: "js" }))).S3KeyPrefix;
await client.send(new StartLoggingCommand(trail));
const status = await client.send(new GetTrailStatusCommand(trail));
out.logging = status.IsLogging;
out.started = status.StartLoggingTime instanceof Date;
await client.send(new StopLoggingCommand(trail));
out.trails = (await client.send(new DescribeTrailsCommand({ trailNameList: [trail.Name] }))).trailList.length;
await client.send(new DeleteTrailCommand(trail));
const first = await client.send(new LookupEventsCommand({ MaxResults: 1 }));
out.newest = first.Events[0].EventName;
out.names = [];
for await (const page of paginateLookupEvents({ client, pageSize: 2 }, { EndTime: new Date() })) {
  out.names.push(...page.Events.map((event) => event.EventName));
}
try {
  await client.send(new DeleteTrailCommand(trail));
} catch (error) {
  out.error = [error.name, error.message, error.$metadata.httpStatusCode];
}
console.log(JSON.stringify(out));
