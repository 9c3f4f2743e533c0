import { expect, test } from 'vitest';
import { releasePages } from '../../../src/kafka/native/release-pages.ts';
import { anonymousMib } from '../../../src/stress/anonymous-memory.ts';

test('released pages of shared memory leave the process and read as zeros, those beside them stay', () => {
  const mib = 256;
  const buffer = new SharedArrayBuffer(65_536, { maxByteLength: mib * 1_048_576 });
  buffer.grow(mib * 1_048_576);
  const bytes = new Uint8Array(buffer).fill(7);
  const before = anonymousMib();
  releasePages(bytes.subarray(100, bytes.length - 100));
  expect(before - anonymousMib()).toBeGreaterThan(0.9 * mib);
  expect([bytes[0], bytes[100], bytes.at(-1), bytes.at(-100)]).toEqual([7, 7, 7, 7]);
  expect(bytes.subarray(65_536, 131_072).every((byte) => byte === 0)).toBe(true);
  bytes[70_000] = 9;
  expect(bytes[70_000]).toBe(9);
});
