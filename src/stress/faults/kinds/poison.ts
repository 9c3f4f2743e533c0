import { choosePartition } from '../fault-world.ts';
import { defineFault, instant } from '../fault.ts';

/** Records that break readers which expect only ordinary ones. */
function poisonRecords(random: () => number): (Uint8Array | null)[] {
  const number = Math.floor(random() * 1_000_000);
  return [
    null,
    new Uint8Array(0),
    // One byte more than the initial buffer of a member.
    Buffer.from('last word of a record '.repeat(48_000)).subarray(0, 1_048_577),
    Buffer.from([0xff, 0xfe, 0x41, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0xf0, 0x9f, 0x98, 0x00, 0x42, 0xc3]),
    Buffer.from('x'.repeat(300_000)),
    Buffer.from(Array.from({ length: 100_000 }, (_, word) => `w${(number + word) % 50_000}`).join(' ')),
    // Both words have the same 32-bit hash.
    Buffer.from('gehcogxxcrfk czqskfuqayed gehcogxxcrfk'),
    Buffer.from('ΑΣ Straße İstanbul naïve\u2028next\u0000nul'),
    null,
  ];
}

/** All of them go to one partition, between ordinary records. */
export const poison = defineFault({
  kind: 'poison',
  does: 'produces a record of more than 1 MiB, null and empty ones, invalid UTF-8, a word of 300 KiB, 100,000 words, words with equal hashes',
  scope: 'topic',
  lane: 'none',
  durationMs: instant,
  inSelfTest: true,
  aim: (world, choice) => {
    const { feed } = world;
    const { random } = choice;
    const partition = choosePartition(world, choice);
    return {
      text: `partition ${partition}`,
      begin: async () => {
        await feed.insert(partition, poisonRecords(random));
        return undefined;
      },
    };
  },
});
