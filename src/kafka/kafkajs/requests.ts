import { createRequire } from 'node:module';
import { FlexibleReader, type FlexibleWriter } from '../wire/flexible-bytes.ts';

/** A request as kafkajs's connections send it, and what they do with the answer. */
export interface KafkajsMessage<T> {
  readonly request: object;
  readonly response: {
    /** Decodes to an object, because kafkajs looks for a throttle time in it. */
    decode(bytes: Buffer): Promise<object>;
    parse(decoded: never): Promise<T>;
  };
}

interface KafkajsEncoder {
  writeBufferInternal(bytes: Buffer): void;
}

const require = createRequire(import.meta.url);

/**
 * A request that kafkajs does not know.
 * @param options.body - from the header's tags on
 * @param options.read - the answer, from the header's tags on
 */
export function kafkajsMessage<T>(options: {
  readonly apiKey: number;
  readonly apiName: string;
  readonly apiVersion: number;
  readonly body: FlexibleWriter;
  readonly read: (answer: FlexibleReader) => T;
}): KafkajsMessage<T> {
  const { apiKey, apiName, apiVersion } = options;
  const Encoder = require('kafkajs/src/protocol/encoder') as new () => KafkajsEncoder;
  const encode = (): Promise<KafkajsEncoder> => {
    const encoder = new Encoder();
    encoder.writeBufferInternal(options.body.done());
    return Promise.resolve(encoder);
  };
  return {
    request: { apiKey, apiName, apiVersion, encode },
    response: {
      decode: (bytes) => Promise.resolve({ answer: options.read(new FlexibleReader(bytes)) }),
      parse: ({ answer }: { readonly answer: T }) => Promise.resolve(answer),
    },
  };
}
