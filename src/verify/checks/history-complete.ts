import type { Check } from '../check.ts';

export const historyComplete: Check = {
  name: 'history-complete',
  code: 'H',
  definition: 'No history row was dropped because a ring was full; otherwise the other checks prove nothing.',
  start: (_context, report) => ({
    add: (event) => {
      if (event.type !== 'rowsDropped') return;
      report({ message: `${event.rows} rows of member ${event.member} were dropped`, tickets: [event.ticket] });
    },
    finish: () => ({}),
  }),
};
