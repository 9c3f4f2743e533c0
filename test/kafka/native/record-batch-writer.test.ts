import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/seeded-random.ts';
import { encodeRecord } from '../../support/record-batch.ts';

const cases = Number(process.env['FUZZ_BATCHES'] ?? 2_000);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 32);

const root = new URL('../../..', import.meta.url).pathname;
const hasCompiler = spawnSync('g++', ['--version']).status === 0;

function compile(): string {
  const program = join(mkdtempSync(join(tmpdir(), 'write-batches-')), 'write-batches');
  const source = join(root, 'node_modules/@confluentinc/kafka-javascript/src');
  const flags = ['-std=c++20', '-g', '-O1', '-Wall', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
  execFileSync('g++', [...flags, '-I', source, '-o', program, join(root, 'test/fixtures/kafka/write-batches.cc')]);
  return program;
}

interface Case {
  readonly capacity: number;
  readonly records: readonly (readonly [key: Uint8Array | null, value: Uint8Array | null])[];
}

function randomCase(below: (limit: number) => number): Case {
  // Lengths and deltas of one, two and three bytes.
  const sizes = [2, 70, 200, 20_000];
  const field = (): Uint8Array | null => {
    const size = below(sizes[below(sizes.length)] ?? 0) - 1;
    return size < 0 ? null : new Uint8Array(size).fill(below(256));
  };
  const count = below(below(40) === 0 ? 9_000 : 70);
  const records = Array.from(
    { length: count },
    () => [count > 100 ? null : field(), count > 100 ? null : field()] as const,
  );
  return { capacity: below(3) === 0 ? below(30_000) : 3_000_000, records };
}

function inputOf({ capacity, records }: Case): Uint8Array[] {
  return [
    Uint8Array.from(new Uint8Array(Int32Array.of(capacity, records.length).buffer)),
    ...records.flatMap(([key, value]) => [
      new Uint8Array(Int32Array.of(key?.length ?? -1, value?.length ?? -1).buffer),
      key ?? new Uint8Array(),
      value ?? new Uint8Array(),
    ]),
  ];
}

/** As many records as fit, in the encoding of another program. */
function expectedOf({ capacity, records }: Case): Uint8Array[] {
  const encoded: Buffer[] = [];
  let bytes = 0;
  for (const [offsetDelta, [key, value]] of records.entries()) {
    const record = encodeRecord({ offsetDelta, key, value });
    if (bytes + record.length > capacity) break;
    encoded.push(record);
    bytes += record.length;
  }
  return [new Uint8Array(Int32Array.of(encoded.length, bytes).buffer), ...encoded];
}

test(`the client's writer of record batches equals an oracle, with seed ${seed}`, ({ skip }) => {
  if (!hasCompiler) skip('needs g++');
  const random = seededRandom(seed);
  const program = compile();
  const all = Array.from({ length: cases }, () => randomCase((limit) => Math.floor(random() * limit)));
  const written = execFileSync(program, { input: Buffer.concat(all.flatMap(inputOf)), maxBuffer: 2 ** 30 });
  expect(written.equals(Buffer.concat(all.flatMap(expectedOf)))).toBe(true);
});
