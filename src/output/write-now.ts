import { Outputs } from './outputs.ts';
import type { OutputContext } from './output.ts';

/**
 * For tools that write one file, given by --json, when they are done.
 * @throws WordcountError when the text did not get there
 */
export async function writeNow(path: string, text: string, context: OutputContext): Promise<void> {
  const outputs = new Outputs(context);
  const output = await outputs.plan('--json', path);
  await output?.write(() => [text]);
  outputs.conclude();
}
