import type { Check } from '../check.ts';

export const balance: Check = {
  name: 'balance',
  code: 'balance',
  definition: 'Once the group is stable, the partition counts of any two live members differ by at most one.',
  start: (_context, report) => ({
    add: () => undefined,
    finish: ({ rest }) => {
      if (rest === undefined) return { skipped: 'the stable group was not inspected' };
      const sizes = rest.members.map(({ partitions }) => partitions.length).sort((a, b) => a - b);
      if ((sizes.at(-1) ?? 0) - (sizes[0] ?? 0) > 1) {
        const shares = rest.members
          .map(({ member, partitions }) => `member ${member} has ${partitions.length}`)
          .join(', ');
        report({ message: `partitions are unevenly assigned: ${shares}`, tickets: [] });
      }
      return {};
    },
  }),
};
