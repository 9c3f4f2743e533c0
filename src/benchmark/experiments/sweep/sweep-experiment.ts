import { variantsExperiment } from '../variants-experiment.ts';
import { sweepCommand } from './sweep-command.ts';

/** The speed at which a group drains a topic, for each value of a setting. */
export const sweep = variantsExperiment({ id: 'sweep', title: 'Sweep', command: sweepCommand });
