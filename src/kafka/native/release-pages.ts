import { nativeClient } from './native-client.ts';

/**
 * Gives the whole pages of shared memory back to the system; they read as zeros afterwards, for all
 * threads. A growable SharedArrayBuffer cannot shrink, and its memory is freed only when every thread
 * has dropped it.
 * @param bytes - memory whose contents no thread needs
 */
export function releasePages(bytes: Uint8Array): void {
  nativeClient().releasePages(bytes);
}
