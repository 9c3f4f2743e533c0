const bell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Blocks this thread, without using the processor. A thread that is terminated meanwhile ends at once. */
export function pauseThread(ms: number): void {
  Atomics.wait(bell, 0, 0, ms);
}
