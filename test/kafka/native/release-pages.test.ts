import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { releasePages } from '../../../src/kafka/native/release-pages.ts';

/** Resident memory of this process, MiB. */
function residentMib(): number {
  const [, kib = ''] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kib) / 1_024;
}

test('released pages of shared memory leave the process and read as zeros, those beside them stay', () => {
  const mib = 256;
  const buffer = new SharedArrayBuffer(65_536, { maxByteLength: mib * 1_048_576 });
  buffer.grow(mib * 1_048_576);
  const bytes = new Uint8Array(buffer).fill(7);
  const before = residentMib();
  releasePages(bytes.subarray(100, bytes.length - 100));
  expect(before - residentMib()).toBeGreaterThan(0.9 * mib);
  expect([bytes[0], bytes[100], bytes.at(-1), bytes.at(-100)]).toEqual([7, 7, 7, 7]);
  expect(bytes.subarray(65_536, 131_072).every((byte) => byte === 0)).toBe(true);
  bytes[70_000] = 9;
  expect(bytes[70_000]).toBe(9);
});
