/**
 * The secrets of this thread: values of client properties that no output may contain. The text of
 * every error, every line on stderr and every line of a client's log passes through
 * `withoutSecrets`. Result files contain no connection settings.
 */
const known = new Set<string>();

/**
 * Shorter values are replaced only as whole words: otherwise a password such as `a` would make
 * every text unreadable.
 */
const anywhereLengthMin = 4;
/**
 * A long line of a PEM text identifies it; shorter ones (`-----END`, the last line of base64) do
 * not.
 */
const pemLineLengthMin = 24;

/** Registers a secret with this thread, in all forms in which programs print it. */
export function protectSecret(secret: string): void {
  if (secret.trim() === '') return;
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= pemLineLengthMin && !line.startsWith('-----'));
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  const escaped = JSON.stringify(secret).slice(1, -1);
  for (const form of [secret, escaped, encodeURIComponent(secret), base64, ...lines]) known.add(form);
}

/** The text with every registered secret replaced by `***`. */
export function withoutSecrets(text: string): string {
  let clean = text;
  // The longest first, because one secret may contain another.
  for (const secret of [...known].sort((a, b) => b.length - a.length)) {
    if (secret.length >= anywhereLengthMin) clean = clean.replaceAll(secret, '***');
    else if (clean.includes(secret)) clean = clean.replace(wholeWord(secret), '***');
  }
  return clean;
}

function wholeWord(secret: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${secret.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu');
}
