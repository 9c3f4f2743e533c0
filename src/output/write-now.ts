import { Outputs } from './outputs.ts';
import type { OutputContext } from './output.ts';

/**
 * Writes the one file of a tool, given by --json.
 * @throws ClusterError when the text could not be written
 */
export async function writeNow(path: string, text: string, context: OutputContext): Promise<void> {
  const outputs = new Outputs(context);
  const output = await outputs.plan('--json', path);
  await output?.write(() => [text]);
  outputs.conclude();
}
