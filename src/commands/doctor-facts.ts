import { z } from 'zod';

/** What `node setup/main.js --facts` prints. */
export const FactsSchema = z.array(
  z.object({
    name: z.string(),
    present: z.boolean(),
    found: z.string(),
    /** The command that installs it. */
    hint: z.string(),
    /** What does not work without it; empty if it is required. */
    lostWithout: z.string(),
  }),
);
export type Facts = z.infer<typeof FactsSchema>;
