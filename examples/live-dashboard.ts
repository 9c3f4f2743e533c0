// A page that shows a group while it counts: node examples/live-dashboard.ts, then open the address.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { produce, startBrokers, startGroup } from 'consumer-cluster-wordcount';

const page = `<!doctype html><meta charset="utf-8"><title>Consumer group</title>
<h1>Consumer group</h1><pre id="state"></pre><ul id="events"></ul>
<script>
  const source = new EventSource('/events');
  source.addEventListener('state', ({ data }) => { state.textContent = JSON.stringify(JSON.parse(data), null, 2); });
  source.addEventListener('change', ({ data }) => { events.append(document.createElement('li')); events.lastChild.textContent = data; });
</script>`;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

await using brokers = await startBrokers();
await produce({ brokers, topic: 'books', records: 10_000 });
await using group = await startGroup({ brokers, topic: 'books', members: 2, membersMax: 3, workUs: 200 });

const viewers = new Set<ServerResponse>();
const send = (event: string, data: unknown): void => {
  for (const viewer of viewers) viewer.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
};
group.on('assigned', ({ memberId, partitions }) => send('change', `member ${memberId} owns ${partitions.join(', ')}`));
group.on('memberCrashed', ({ memberId }) => send('change', `member ${memberId} crashed`));
group.on('failed', () => stop.abort());

const server = createServer((request, response) => {
  if (request.url !== '/events') return void response.setHeader('content-type', 'text/html').end(page);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  viewers.add(response);
  response.on('close', () => viewers.delete(response));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

const timer = setInterval(() => {
  const { records, members } = group.snapshot();
  send('state', { records, members, top: group.topWords(5) });
}, 500);
const feed = produce({ brokers, topic: 'books', records: 1e9, rate: 2_000, signal: stop.signal });
await feed.catch((error: unknown) => {
  if (!stop.signal.aborted) throw error;
});
clearInterval(timer);
server.close().closeAllConnections();
