import type { Check } from '../check.ts';
import { counted } from '../../numbers.ts';

export const historyComplete: Check = {
  name: 'history-complete',
  code: 'H',
  definition: 'No history row was dropped because a ring was full; otherwise the other checks prove nothing.',
  start: (_context, report) => ({
    add: (event) => {
      if (event.type !== 'rowsDropped') return;
      report({ message: `dropped ${counted(event.rows, 'row')} of member ${event.member}`, tickets: [event.ticket] });
    },
    finish: () => ({}),
  }),
};
