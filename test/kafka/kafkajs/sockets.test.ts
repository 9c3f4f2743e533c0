import { getEventListeners, once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { KafkajsSockets, type Sighting, type Sightings } from '../../../src/kafka/kafkajs/sockets.ts';

/** @returns the port of the server, which closes with the test */
async function listen(server: net.Server): Promise<number> {
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

function open(sockets: KafkajsSockets, port: number): net.Socket {
  // kafkajs passes null without TLS, although its types exclude that.
  const socket = sockets.factory({ host: '127.0.0.1', port, ssl: null as never, onConnect: () => undefined });
  // A socket without a listener for its error would end the process.
  return socket.on('error', () => undefined);
}

test('a connection that kafkajs begins after the close is ended at once', async () => {
  const port = await listen(net.createServer());
  const sockets = new KafkajsSockets({ properties: {} });
  sockets.destroy();
  const socket = open(sockets, port);
  await expect(once(socket, 'connect')).rejects.toThrow('the client was closed');
  expect(socket.destroyed).toBe(true);
});

test('a client closes when its signal is aborted, and removes its listener when it is closed', () => {
  const abort = new AbortController();
  const [first, second] = [1, 2].map(() => new KafkajsSockets({ properties: {} }, { signal: abort.signal }));
  first?.destroy();
  expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1);
  expect(first?.closed.reason).toMatchObject({ code: 'brokerUnavailable', message: 'the client was closed' });
  abort.abort('over');
  expect(second?.closed.reason).toBe('over');
  expect(new KafkajsSockets({ properties: {} }, { signal: abort.signal }).closed.reason).toBe('over');
});

interface Step {
  /** Number of requests that the server answers. */
  readonly answers: number;
  readonly then: 'stays' | 'ends' | 'resets';
}

test.each<[string, readonly Step[]]>([
  ['closed', [{ answers: 0, then: 'ends' }]],
  ['closed', [{ answers: 0, then: 'resets' }]],
  ['hungUp', [{ answers: 1, then: 'ends' }]],
  ['hungUp', [{ answers: 1, then: 'resets' }]],
  // The last attempt is cut off: it hides nothing that an earlier one has found.
  [
    'closed',
    [
      { answers: 0, then: 'ends' },
      { answers: 0, then: 'stays' },
    ],
  ],
  [
    'hungUp',
    [
      { answers: 1, then: 'ends' },
      { answers: 0, then: 'stays' },
    ],
  ],
  [
    'hungUp',
    [
      { answers: 1, then: 'ends' },
      { answers: 1, then: 'stays' },
    ],
  ],
  // It came further.
  [
    'answered',
    [
      { answers: 0, then: 'ends' },
      { answers: 1, then: 'stays' },
    ],
  ],
  [
    'answered',
    [
      { answers: 1, then: 'ends' },
      { answers: 2, then: 'stays' },
    ],
  ],
  [
    'hungUp',
    [
      { answers: 1, then: 'ends' },
      { answers: 2, then: 'ends' },
    ],
  ],
  [
    'closed',
    [
      { answers: 1, then: 'ends' },
      { answers: 0, then: 'ends' },
    ],
  ],
])('%s after connections %j', async (kind, steps) => {
  const left = [...steps];
  const server = net.createServer((accepted) => {
    const { answers = 0, then } = left.shift() ?? {};
    let requests = 0;
    accepted.on('error', () => undefined);
    accepted.on('data', () => {
      requests += 1;
      if (requests <= answers) accepted.write('response');
      else if (then === 'ends') accepted.end();
      else if (then === 'resets') accepted.resetAndDestroy();
    });
  });
  const port = await listen(server);
  let sightings: Sightings = new Map();
  for (const { answers, then } of steps) {
    const sockets = new KafkajsSockets({ properties: {} }, { sightings });
    ({ sightings } = sockets);
    const socket = open(sockets, port);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await once(socket, 'connect');
    for (let answer = 0; answer < answers; answer += 1) {
      socket.write('request');
      await once(socket, 'data');
    }
    socket.write('request');
    if (then !== 'stays') await closed;
    sockets.destroy();
  }
  expect([...sightings.values()]).toEqual([{ kind }]);
});

test('a connection that is still being established hides nothing that earlier ones have found', async () => {
  const refused: Sighting = { kind: 'unreachable', code: 'ECONNREFUSED' };
  const port = await listen(net.createServer());
  const address = `127.0.0.1:${port}`;
  for (const [before, after] of [
    [new Map<string, Sighting>(), { kind: 'connecting' }],
    [new Map([[address, refused]]), refused],
  ] as const) {
    const sockets = new KafkajsSockets({ properties: {} }, { sightings: before });
    open(sockets, port);
    expect([...sockets.sightings]).toEqual([[address, after]]);
    sockets.destroy();
  }
});
