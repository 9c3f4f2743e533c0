/**
 * Creates the gate of a group. While it is closed, members join and get their partitions but fetch
 * nothing, so that a measurement starts for all of them at once. One Int32: 0 closed, 1 open.
 */
export function createGate(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

export function openGate(gate: SharedArrayBuffer): void {
  const ints = new Int32Array(gate);
  Atomics.store(ints, 0, 1);
  Atomics.notify(ints, 0);
}

export function gateIsOpen(gate: Int32Array): boolean {
  return Atomics.load(gate, 0) === 1;
}
