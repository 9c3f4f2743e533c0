import type { Check } from '../check.ts';

export const historyComplete: Check = {
  id: 'H',
  name: 'history complete',
  definition: 'No row was dropped because a ring was full; without this the other checks prove nothing.',
  start: (_context, report) => ({
    add: (event) => {
      if (event.type !== 'rowsDropped') return;
      report({ message: `${event.rows} rows of member ${event.member} were dropped`, tickets: [event.ticket] });
    },
    finish: () => ({}),
  }),
};
