import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { builtFile } from '../../src/worker-thread.ts';

test('a clean-up that fails leaves the others and the exit code alone', () => {
  const script = `
    import { endWithProcess } from ${JSON.stringify(builtFile('brokers/end-with-process.js'))};
    endWithProcess(() => { throw new Error('the folder is not empty'); });
    endWithProcess(() => { console.log('ended'); });
    process.exit(3);
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({ status: 3, stdout: 'ended\n', stderr: '' });
});
