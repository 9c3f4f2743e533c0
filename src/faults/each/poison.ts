import { choosePartition } from '../fault-target.ts';
import type { Fault } from '../fault.ts';

/** Records that break readers who took the usual ones for all there are. */
function poisonRecords(random: () => number): (Uint8Array | null)[] {
  const number = Math.floor(random() * 1_000_000);
  return [
    null,
    new Uint8Array(0),
    // A byte more than a member's buffer has at first.
    Buffer.from('last word of a record '.repeat(48_000)).subarray(0, 1_048_577),
    Buffer.from([0xff, 0xfe, 0x41, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0xf0, 0x9f, 0x98, 0x00, 0x42, 0xc3]),
    Buffer.from('x'.repeat(300_000)),
    Buffer.from(Array.from({ length: 100_000 }, (_, word) => `w${(number + word) % 50_000}`).join(' ')),
    // Both have the same 32-bit hash.
    Buffer.from('gehcogxxcrfk czqskfuqayed gehcogxxcrfk'),
    Buffer.from('ΑΣ Straße İstanbul naïve\u2028next\u0000nul'),
    null,
  ];
}

/** All of them into one partition, between ordinary records. */
export const poison: Fault = {
  kind: 'poison',
  aim: (target, choice) => {
    const { feed } = target;
    const { random } = choice;
    const partition = choosePartition(target, choice);
    return {
      text: `partition ${partition}`,
      begin: async () => {
        await feed.insert(partition, poisonRecords(random));
        return undefined;
      },
    };
  },
};
