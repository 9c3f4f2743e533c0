import { readFileSync } from 'node:fs';
import { clientPackageFile, nativeClient } from './native-client.ts';

/** Versions of the Confluent client and its librdkafka, for reports. */
export function clientVersions(): { readonly client: string; readonly librdkafka: string } {
  const { version } = JSON.parse(readFileSync(clientPackageFile(), 'utf8')) as { readonly version: string };
  return { client: version, librdkafka: nativeClient().librdkafkaVersion };
}
