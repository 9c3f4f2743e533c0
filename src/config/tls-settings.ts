/**
 * The suites of TLS 1.3, which both clients always offer: ssl.cipher.suites names those of TLS 1.2.
 */
const tls13Suites = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256';

/** @returns why a value of ssl.cipher.suites is rejected; undefined when it is supported */
export function cipherProblem(suites: string): string | undefined {
  if (/,|_WITH_/.test(suites)) return "ssl.cipher.suites takes OpenSSL's cipher names, separated by colons, not Java's";
  if (!/(^|:)TLS_/.test(suites)) return undefined;
  return 'ssl.cipher.suites selects cipher suites of TLS 1.2 only; those of TLS 1.3 (TLS_…) cannot be selected';
}

/**
 * The value of Node's `ciphers`, in which a list without suites of TLS 1.3 would disable TLS 1.3.
 */
export function nodeCiphers(suites: string): string {
  return `${tls13Suites}:${suites}`;
}
