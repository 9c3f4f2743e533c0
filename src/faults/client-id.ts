/**
 * Size, API key, API version and correlation id precede the client id in every request of Kafka's
 * protocol.
 */
const bytesBefore = 12;

/**
 * The client id in the header of a connection's first request.
 * @param bytes - the first bytes of the connection
 * @returns undefined while there are too few bytes; an empty text for a client without an id
 */
export function clientIdOf(bytes: Buffer): string | undefined {
  if (bytes.length < bytesBefore + 2) return undefined;
  const length = Math.max(0, bytes.readInt16BE(bytesBefore));
  const start = bytesBefore + 2;
  return bytes.length < start + length ? undefined : bytes.toString('utf8', start, start + length);
}
