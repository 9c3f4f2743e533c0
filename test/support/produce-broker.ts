import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { recordBatches, type RecordBatchInfo } from '../../src/kafka/wire/record-batches.ts';
import { array, int, Request, string } from './request-bytes.ts';

/** What happens to one Produce request. */
export type Fate =
  | { readonly type: 'answer'; readonly code: number; readonly append: boolean }
  /** No response, nor to later requests of the connection, which is closed or silent. */
  | { readonly type: 'drop' | 'silence'; readonly append: boolean };

export const accepted: Fate = { type: 'answer', code: 0, append: true };

const outOfOrder = 45;
const invalidEpoch = 47;
const notLeader = 6;
const corrupt = 2;
const unsupportedVersion = 35;
/** Number of batches of which a broker recognizes a repetition. */
const windowBatches = 5;

/** Versions without flexible fields. Some are listed only because the client needs them. */
const versions = [
  { key: 0, min: 3, max: 7 },
  { key: 1, min: 4, max: 11 },
  { key: 3, min: 0, max: 4 },
  { key: 10, min: 0, max: 0 },
  { key: 18, min: 0, max: 0 },
  { key: 22, min: 0, max: 1 },
] as const;

/** Of the newest epoch of a producer id. */
interface Sequences {
  readonly epoch: number;
  next: number;
  readonly window: { readonly first: number; readonly last: number; readonly offset: number }[];
}

interface Log {
  leader: number;
  end: number;
  readonly batches: Buffer[];
  readonly sequences: Map<bigint, Sequences>;
}

/**
 * Two brokers with one topic for an idempotent producer. They check the CRC and sequence numbers of
 * each batch as Kafka does, and more strictly: each epoch begins at 0. Each Produce request has the
 * fate that the test decides.
 */
export class ProduceBrokers {
  readonly #logs: readonly Log[];
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  #producerIds = 0n;
  /** Decides about each Produce request by its partition and first sequence number. */
  fate: (partition: number, sequence: number) => Fate = () => accepted;
  /** What no correct producer does. */
  readonly violations: string[] = [];

  private constructor(partitions: number) {
    this.#logs = Array.from({ length: partitions }, (_, partition) => ({
      leader: partition % 2,
      end: 0,
      batches: [],
      sequences: new Map<bigint, Sequences>(),
    }));
  }

  static async start(partitions: number): Promise<ProduceBrokers> {
    const brokers = new ProduceBrokers(partitions);
    for (let node = 0; node < 2; node += 1) {
      const server = createServer((socket) => {
        brokers.#serve(node, socket);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      brokers.#servers.push(server);
    }
    return brokers;
  }

  get bootstrapServers(): string {
    return this.#ports()
      .map((port) => `127.0.0.1:${port}`)
      .join();
  }

  /** @param to - -1: the partition has no leader */
  moveLeader(partition: number, to?: number): void {
    const log = this.#logs[partition];
    if (log !== undefined) log.leader = to ?? 1 - log.leader;
  }

  /** Sizes in records of the batches of a partition. */
  batchSizes(partition: number): number[] {
    return this.#decoded(partition).map(({ recordCount }) => recordCount);
  }

  /** Keys and values of a partition in the order of their offsets. */
  records(partition: number): [key: Buffer | null, value: Buffer | null][] {
    const copy = (bytes: Uint8Array | null): Buffer | null => (bytes === null ? null : Buffer.from(bytes));
    const list: [Buffer | null, Buffer | null][] = [];
    for (const { records } of this.#decoded(partition)) records((_, value, key) => list.push([copy(key), copy(value)]));
    return list;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
  }

  #ports(): number[] {
    return this.#servers.map((server) => (server.address() as AddressInfo).port);
  }

  #decoded(partition: number): RecordBatchInfo[] {
    return (this.#logs[partition]?.batches ?? []).flatMap((batch) => [...recordBatches(batch)]);
  }

  #serve(node: number, socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    let buffered = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      buffered = Buffer.concat([buffered, chunk]);
      for (;;) {
        const end = buffered.length < 4 ? Infinity : 4 + buffered.readInt32BE(0);
        if (buffered.length < end) return;
        const response = this.#answer(node, new Request(buffered.subarray(4, end)));
        buffered = buffered.subarray(end);
        if (typeof response === 'string') {
          socket[response === 'drop' ? 'destroy' : 'pause']();
          return;
        }
        socket.write(response);
      }
    });
  }

  #answer(node: number, request: Request): Buffer | 'drop' | 'silence' {
    const key = request.int(2);
    const version = request.int(2);
    const correlation = int(4, request.int(4));
    request.string();
    const body = this.#body(node, key, version, request);
    if (typeof body === 'string') return body;
    const response = Buffer.concat([correlation, body]);
    return Buffer.concat([int(4, response.length), response]);
  }

  #body(node: number, key: number, version: number, request: Request): Buffer | 'drop' | 'silence' {
    switch (key) {
      case 0:
        return this.#produce(node, request);
      case 3:
        return this.#metadata();
      case 18:
        return Buffer.concat([
          int(2, version === 0 ? 0 : unsupportedVersion),
          array(versions, (api) => [int(2, api.key), int(2, api.min), int(2, api.max)]),
        ]);
      case 22:
        return Buffer.concat([int(4, 0), int(2, 0), int(8, (this.#producerIds += 1n)), int(2, 0)]);
      default:
        throw new Error(`request ${key} is not implemented`);
    }
  }

  #metadata(): Buffer {
    const nodes = this.#ports().map((port, node) => ({ port, node }));
    const replicas = array(nodes, ({ node }) => [int(4, node)]);
    return Buffer.concat([
      int(4, 0),
      array(nodes, ({ port, node }) => [int(4, node), string('127.0.0.1'), int(4, port), int(2, -1)]),
      string('cluster'),
      int(4, 0),
      array(['t'], (topic) => [
        int(2, 0),
        string(topic),
        int(1, 0),
        array([...this.#logs.entries()], ([partition, { leader }]) => [
          int(2, 0),
          int(4, partition),
          int(4, leader),
          replicas,
          replicas,
        ]),
      ]),
    ]);
  }

  /** The client sends one partition in each request. */
  #produce(node: number, request: Request): Buffer | 'drop' | 'silence' {
    request.string();
    request.int(2 + 4);
    request.int(4);
    const topic = request.string();
    request.int(4);
    const partition = request.int(4);
    const batch = request.bytes(request.int(4));
    const log = this.#logs[partition];
    if (log === undefined) throw new Error(`partition ${partition} does not exist`);
    const rejected = { type: 'answer', code: notLeader, append: false } as const;
    const fate = log.leader === node ? this.fate(partition, batch.readInt32BE(53)) : rejected;
    const appended = fate.append ? this.#append(partition, log, batch) : { code: 0, offset: -1 };
    if (fate.type !== 'answer') return fate.type;
    const { code, offset } = fate.code === 0 ? appended : { code: fate.code, offset: -1 };
    return Buffer.concat([
      array([topic], (name) => [
        string(name),
        array([partition], (index) => [int(4, index), int(2, code), int(8, offset), int(8, -1), int(8, 0)]),
      ]),
      int(4, 0),
    ]);
  }

  #append(partition: number, log: Log, batch: Buffer): { readonly code: number; readonly offset: number } {
    try {
      if ([...recordBatches(batch)].length !== 1) throw new RangeError('not one batch');
    } catch (error) {
      this.violations.push(`partition ${partition}: ${String(error)}`);
      return { code: corrupt, offset: -1 };
    }
    const producerId = batch.readBigInt64BE(43);
    const first = batch.readInt32BE(53);
    const count = batch.readInt32BE(57);
    const last = first + count - 1;
    const epoch = batch.readInt16BE(51);
    let sequences = log.sequences.get(producerId);
    if (sequences !== undefined && epoch < sequences.epoch) return { code: invalidEpoch, offset: -1 };
    if (sequences?.epoch !== epoch) {
      if (first !== 0) this.violations.push(`partition ${partition}: epoch ${epoch} begins at ${first}`);
      sequences = { epoch, next: first, window: [] };
      log.sequences.set(producerId, sequences);
    }
    const repeated = sequences.window.find((known) => known.first === first && known.last === last);
    if (repeated !== undefined) return { code: 0, offset: repeated.offset };
    if (first !== sequences.next) return { code: outOfOrder, offset: -1 };
    const offset = log.end;
    log.batches.push(Buffer.from(batch));
    log.end += count;
    sequences.next += count;
    sequences.window.push({ first, last, offset });
    if (sequences.window.length > windowBatches) sequences.window.shift();
    return { code: 0, offset };
  }
}
