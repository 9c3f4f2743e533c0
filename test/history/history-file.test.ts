import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HistoryEvent } from '../../src/history/event.ts';
import { HistoryFile, readHistory } from '../../src/history/history-file.ts';
import { OutputStream } from '../../src/output/output-stream.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const stamp = { atMs: 12.5, group: 'A', member: 1 } as const;
const events: readonly HistoryEvent[] = [
  { ...stamp, ticket: 1, type: 'acquired', partition: 0, epoch: 1, nextOffset: 0 },
  {
    ...stamp,
    ticket: 2,
    type: 'batchApplied',
    partition: 0,
    epoch: 1,
    firstOffset: 0,
    lastOffset: 2 ** 53 - 1,
    records: 3,
    words: 9,
    digest: 0x00ff_ffff_ffff_fff1n,
    toldBy: 'member',
  },
  {
    ticket: 3,
    atMs: 13,
    type: 'faultBegun',
    index: 0,
    kind: 'crash',
    scope: 'member',
    target: 'member 1',
    members: [1],
  },
];

async function readAll(path: string): Promise<HistoryEvent[]> {
  const read: HistoryEvent[] = [];
  for await (const event of readHistory(path)) read.push(event);
  return read;
}

test('a history is read as it was written, with the settings of its run', async () => {
  const path = join(folder, 'history.ndjson');
  const file = new HistoryFile(OutputStream.create(path), { seed: 7 });
  for (const event of events) {
    file.add(event);
    file.flush();
  }
  file.close();
  let settings: unknown;
  const read: HistoryEvent[] = [];
  for await (const event of readHistory(path, (header) => {
    settings = header.settings;
  }))
    read.push(event);
  expect(read).toEqual(events);
  expect(settings).toEqual({ seed: 7 });
});

test('an invalid line is an error with its number', async () => {
  const path = join(folder, 'broken.ndjson');
  const header = '{"format":"consumer-cluster-history","version":1,"settings":{}}';
  writeFileSync(path, `${header}\n{"type":"left"}\n`);
  await expect(readAll(path)).rejects.toThrow(/line 2/);
  writeFileSync(path, `${header}\n{"type":"left","ticket":1}\n{"type":`);
  await expect(readAll(path)).rejects.toThrow(/line 3: not JSON/);
  writeFileSync(path, '{"some":"json"}\n');
  await expect(readAll(path)).rejects.toThrow(/line 1: not the header/);
});

test('a file that cannot be written ends the history there, and nothing else', () => {
  const full = { path: '/dev/full', descriptor: openSync('/dev/full', 'w') };
  const sink = {
    path: full.path,
    write: (text: string) => writeSync(full.descriptor, text),
    close: () => {
      closeSync(full.descriptor);
    },
  };
  const file = new HistoryFile(sink, {});
  file.flush();
  file.close();
  expect(file.failure?.message).toMatch(/\/dev\/full: .*no space left/);
});
