/** Number of characters per write: one write per word would be slow. */
const pieceLength = 65_536;

/** Yields the same text in fewer, larger pieces. */
export function* pieces(text: Iterable<string>): Generator<string> {
  let piece = '';
  for (const part of text) {
    piece += part;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
