import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/seeded-random.ts';
import { encodeRecord, varint } from '../../support/record-batch.ts';
import { batchOracle, type RawBatch } from './batch-oracle.ts';

const batchesMax = Number(process.env['FUZZ_BATCHES'] ?? 20_000);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 32);
/** Batches that one process reads. */
const roundBatches = 20_000;

const root = new URL('../../..', import.meta.url).pathname;
const program = join(mkdtempSync(join(tmpdir(), 'read-batches-')), 'read-batches');
const hasCompiler = spawnSync('g++', ['--version']).status === 0;

function read(batches: readonly RawBatch[]): Buffer {
  const input = batches.flatMap(({ bytes, recordCount, lastOffsetDelta, fromOffsetDelta }) => {
    const header = Buffer.alloc(24);
    header.writeInt32LE(bytes.length, 0);
    header.writeInt32LE(recordCount, 4);
    header.writeBigInt64LE(lastOffsetDelta, 8);
    header.writeBigInt64LE(fromOffsetDelta, 16);
    return [header, bytes];
  });
  return execFileSync(program, { input: Buffer.concat(input), maxBuffer: 2 ** 30 });
}

/** Numbers of more than 31 and 63 bits, and lengths that lie about what follows. */
const hostile = [-1n, -2n, 2n ** 31n - 1n, 2n ** 31n, -(2n ** 31n), 2n ** 62n, 2n ** 63n - 1n, -(2n ** 63n)];

/** A batch of which half are changed so that most of these are malformed. */
function randomBatch(random: () => number): RawBatch {
  const below = (limit: number): number => Math.floor(random() * limit);
  const bytesOrNull = (limit: number): Uint8Array | null => {
    const size = below(limit) - 1;
    return size < 0 ? null : Uint8Array.from({ length: size }, () => below(256));
  };
  const recordCount = below(7);
  let offsetDelta = -1;
  const records = Array.from({ length: recordCount }, () =>
    encodeRecord({
      offsetDelta: (offsetDelta += 1 + (below(4) === 0 ? below(1_000) : 0)),
      timestampDelta: below(4) === 0 ? (hostile[below(hostile.length)] ?? 0) : below(100_000) - 50_000,
      key: bytesOrNull(20),
      value: bytesOrNull(below(8) === 0 ? 400 : 60),
      headers: Array.from({ length: below(3) }, (_, index) => [`header ${index}`, 'x'.repeat(below(9))] as const),
    }),
  );
  const batch = {
    bytes: Uint8Array.from(Buffer.concat(records)),
    recordCount,
    lastOffsetDelta: BigInt(Math.max(0, offsetDelta + (below(3) === 0 ? below(10) : 0))),
    fromOffsetDelta: BigInt(below(3) === 0 ? below(offsetDelta + 2) : -below(100)),
  };
  return below(2) === 0 ? batch : damaged(batch, below);
}

function damaged(batch: RawBatch, below: (limit: number) => number): RawBatch {
  const { bytes, recordCount } = batch;
  const at = below(bytes.length + 1);
  const number = Uint8Array.from(varint(hostile[below(hostile.length)] ?? 0));
  switch (below(6)) {
    case 0:
      return { ...batch, bytes: bytes.subarray(0, at) };
    case 1:
      return { ...batch, recordCount: recordCount + 1 - 2 * below(2) };
    case 2:
      return { ...batch, lastOffsetDelta: BigInt(below(5)) };
    case 3:
      return { ...batch, bytes: Buffer.concat([bytes.subarray(0, at), number, bytes.subarray(at)]) };
    case 4:
      return { ...batch, bytes: Buffer.concat([bytes.subarray(0, at), number, bytes.subarray(at + number.length)]) };
    default:
      return { ...batch, bytes: bytes.map((byte, index) => (index === at || below(40) === 0 ? below(256) : byte)) };
  }
}

describe("the client's reader of record batches", () => {
  beforeAll(() => {
    if (!hasCompiler) return;
    const source = join(root, 'node_modules/@confluentinc/kafka-javascript/src');
    const flags = ['-std=c++20', '-g', '-O1', '-Wall', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
    execFileSync('g++', [...flags, '-I', source, '-o', program, join(root, 'test/fixtures/kafka/read-batches.cc')]);
  });

  test('reads what was encoded', ({ skip }) => {
    if (!hasCompiler) skip('needs g++');
    const bytes = Buffer.concat([
      encodeRecord({ offsetDelta: 0, timestampDelta: -5, value: Buffer.from('ab') }),
      encodeRecord({ offsetDelta: 7, key: Buffer.from('key'), value: null, headers: [['name', 'text']] }),
    ]);
    const printed = read([{ bytes, recordCount: 2, lastOffsetDelta: 9n, fromOffsetDelta: 0n }]);
    const second = bytes.indexOf('key');
    const expected = [0, -5, 0, -1, bytes.indexOf('ab'), 2, 7, 0, second, 3, 0, -1, -1];
    expect(Array.from(new BigInt64Array(Uint8Array.from(printed).buffer), Number)).toEqual(expected);
  });

  test(
    `equals an oracle for random batches, half of them changed, with seed ${seed}`,
    ({ skip }) => {
      if (!hasCompiler) skip('needs g++');
      const random = seededRandom(seed);
      const malformed = { true: 0, false: 0 };
      for (let from = 0; from < batchesMax; from += roundBatches) {
        const batches = Array.from({ length: Math.min(roundBatches, batchesMax - from) }, () => randomBatch(random));
        const expected = batches.map(batchOracle);
        for (const numbers of expected) malformed[`${numbers.at(-1) === -2n}`] += 1;
        const printed = read(batches);
        if (printed.equals(Buffer.from(BigInt64Array.from(expected.flat()).buffer))) continue;
        const wrong = batches.findIndex(
          (batch, index) => !read([batch]).equals(Buffer.from(BigInt64Array.from(expected[index] ?? []).buffer)),
        );
        expect.fail(
          `batch ${from + wrong} of seed ${seed}: ${Buffer.from(batches[wrong]?.bytes ?? []).toString('hex')}`,
        );
      }
      expect(Math.min(malformed.true, malformed.false), JSON.stringify(malformed)).toBeGreaterThan(batchesMax / 5);
    },
    30_000 + batchesMax,
  );
});
