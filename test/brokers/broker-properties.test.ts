import fc from 'fast-check';
import { expect, test } from 'vitest';
import { brokerProperties } from '../../src/brokers/broker-properties.ts';
import { newKafkaId } from '../../src/brokers/node-files.ts';
import { nodeSpecs } from '../../src/brokers/node-spec.ts';
import { renderProperties } from '../../src/brokers/node-files.ts';

test('every process listens on the loopback address, and all know the same controller', () => {
  const specs = nodeSpecs([20_001, 20_002, 20_003]);
  for (const node of specs) {
    const properties = brokerProperties(node, specs[2], {
      brokers: 2,
      dataName: 'data',
      version: '4.4.0',
      properties: {},
    });
    expect(properties['listeners']).toMatch(new RegExp(`^[A-Z]+://127\\.0\\.0\\.1:${node.port}$`));
    expect(properties['controller.quorum.voters']).toBe('3@127.0.0.1:20003');
  }
});

/** Reads one line of a property as java.util.Properties does, without continued lines. */
function readLine(line: string): readonly [name: string, value: string] {
  const [, name = '', value = ''] = /^((?:\\.|[^\\=: \t\f])*)[ \t\f]*[=: \t\f]?[ \t\f]*(.*)$/s.exec(line) ?? [];
  return [unescaped(name), unescaped(value)];
}

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };
  return text.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/gs, (_, code: string | undefined, character: string) =>
    code === undefined ? (named[character] ?? character) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

test('rendered properties are ASCII and are read back unchanged', () => {
  const names = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
  const values = fc.string({ unit: 'binary', maxLength: 30 });
  fc.assert(
    fc.property(fc.dictionary(names, values), (properties) => {
      const rendered = renderProperties(properties);
      expect(rendered).toMatch(/^[\x20-\x7e\n]*$/);
      const lines = rendered.split('\n').slice(0, -1);
      expect(lines.every((line) => !/^[#!]/.test(line))).toBe(true);
      expect(Object.fromEntries(lines.map(readLine))).toEqual({ ...properties });
    }),
  );
});

test("ids are Kafka's form of a random UUID", () => {
  const ids = Array.from({ length: 1_000 }, newKafkaId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    const bytes = Buffer.from(id, 'base64url');
    expect([bytes.length, bytes.readUInt8(6) >> 4, bytes.readUInt8(8) >> 6]).toEqual([16, 4, 2]);
    expect(id).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/);
  }
});
