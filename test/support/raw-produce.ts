import { once } from 'node:events';
import { connect } from 'node:net';
import { int, string } from './request-bytes.ts';

/**
 * Sends bytes as the records of a partition in a Produce request (version 7) to its leader. A mock
 * broker does not read the records, so they may be malformed.
 * @param address - host and port of the leader
 * @throws Error when the broker rejects them
 */
export async function produceRaw(address: string, topic: string, partition: number, records: Buffer): Promise<void> {
  const [host = '', port = ''] = address.split(':');
  const request = Buffer.concat([
    // Api key, version, correlation id, client id; no transaction, acks, timeout.
    int(2, 0),
    int(2, 7),
    int(4, 1),
    string('raw'),
    int(2, -1),
    int(2, -1),
    int(4, 10_000),
    int(4, 1),
    string(topic),
    int(4, 1),
    int(4, partition),
    int(4, records.length),
    records,
  ]);
  const socket = connect(Number(port), host);
  socket.write(Buffer.concat([int(4, request.length), request]));
  const [response] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  // Size, correlation id, number of topics, topic, number of partitions, partition.
  const code = response.readInt16BE(4 + 4 + 4 + 2 + Buffer.byteLength(topic) + 4 + 4);
  if (code !== 0) throw new Error(`the broker rejected the records with code ${code}`);
}
