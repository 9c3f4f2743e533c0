import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { checkLibrary } from '../../setup/portable/check-library.js';
import { nativeClientFile } from '../../src/kafka/native/native-client.ts';

test("a client that needs the system's libraries, or a newer glibc, is not portable", async () => {
  const file = join(dirname(nativeClientFile()), 'librdkafka.so.1');
  const checked = checkLibrary({ file, exported: /^rd_kafka_/, node: process.execPath });
  await expect(checked).rejects.toThrow(/^librdkafka\.so\.1 is not portable:/);
  await expect(checked).rejects.toThrow(/^ {2}needs libssl\.so\.3$/m);
  await expect(checked).rejects.toThrow(/^ {2}needs \w+@GLIBC_2\.3\d$/m);
});

test('an addon that exports or needs other symbols than it should is not portable', async () => {
  const checked = checkLibrary({ file: nativeClientFile(), exported: /^other$/, node: '/bin/true' });
  await expect(checked).rejects.toThrow(/^ {2}exports node_register_module_v\d+$/m);
  await expect(checked).rejects.toThrow(/^ {2}shares objects with Node: .*std::/m);
  await expect(checked).rejects.toThrow(/^ {2}needs uv_async_init, which Node lacks$/m);
});
