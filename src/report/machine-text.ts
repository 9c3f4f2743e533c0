import { counted } from '../numbers.ts';
import type { BenchReport } from '../results/schema.ts';

type Environment = BenchReport['environment'];

/** Pure: `2 cores`, or `2 of 8 cores` when a control group or CPU affinity limits them. */
export function coresText({ cores, machineCores }: Pick<Environment, 'cores' | 'machineCores'>): string {
  return machineCores === undefined ? counted(cores, 'core') : `${cores} of ${counted(machineCores, 'core')}`;
}

/** Pure: `23.5 GiB`, or `2.0 of 23.5 GiB` when a control group limits memory. */
export function memoryText({
  memoryMib,
  machineMemoryMib,
}: Pick<Environment, 'memoryMib' | 'machineMemoryMib'>): string {
  const gib = (mebibytes: number): string => (mebibytes / 1_024).toFixed(1);
  return machineMemoryMib === undefined ? `${gib(memoryMib)} GiB` : `${gib(memoryMib)} of ${gib(machineMemoryMib)} GiB`;
}

/**
 * Pure: the user's changes to managed brokers, as a suffix of the broker label; empty without
 * changes.
 */
export function brokerSettingsText({ kafka }: Pick<Environment, 'kafka'>): string {
  if (kafka === undefined) return '';
  const properties = Object.entries(kafka.properties).map(([name, value]) => `${name}=${value}`);
  const all = [...properties, ...kafka.jvmOptions];
  return all.length === 0 ? '' : ` with ${all.join(', ')}`;
}
