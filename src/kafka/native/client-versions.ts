import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nativeClient, nativeClientFile } from './native-client.ts';

/** Versions of the Confluent client and its librdkafka, for reports. */
export function clientVersions(): { readonly client: string; readonly librdkafka: string } {
  const packageFile = join(dirname(nativeClientFile()), '..', '..', '..', 'package.json');
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { readonly version: string };
  return { client: version, librdkafka: nativeClient().librdkafkaVersion };
}
