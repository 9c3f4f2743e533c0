import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { runScript, type StepOutcome } from './shell-step.ts';

type InputValue = string | boolean;

interface Input {
  readonly default?: InputValue;
  readonly options?: readonly string[];
  readonly type?: string;
}

type Variable = string | { readonly value: string; readonly expand: boolean };

export interface GitlabJob {
  readonly name: string;
  readonly script: readonly string[];
  readonly variables: Readonly<Record<string, Variable>>;
  readonly artifacts: { readonly paths: readonly string[]; readonly reports: { readonly junit: string } };
  readonly allow_failure: { readonly exit_codes: readonly number[] };
}

/**
 * Reads a template with `spec:inputs` and fills in `$[[ ]]`, as GitLab does when a pipeline includes
 * it.
 */
export function includeTemplate(file: string, inputs: Readonly<Record<string, InputValue>>): GitlabJob {
  const [header, body, ...more] = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => {
    if ('errors' in document && document.errors.length > 0) throw new Error(String(document.errors[0]));
    return 'toJS' in document ? (document.toJS() as unknown) : undefined;
  });
  if (more.length > 0) throw new Error('a template has two documents');
  const declared = (header as { readonly spec: { readonly inputs: Readonly<Record<string, Input>> } }).spec.inputs;
  for (const name of Object.keys(inputs)) if (!(name in declared)) throw new Error(`no input ${name}`);
  const values = new Map<string, string>();
  for (const [name, { default: byDefault, options, type = 'string' }] of Object.entries(declared)) {
    const value = inputs[name] ?? byDefault;
    if (typeof value !== type) throw new Error(`input ${name} is not a ${type}`);
    if (options?.includes(String(value)) === false) throw new Error(`input ${name} is none of its options`);
    values.set(name, String(value));
  }
  const [[name, job] = [], ...others] = Object.entries(fillIn(body, values) as Record<string, GitlabJob>);
  if (name === undefined || job === undefined || others.length > 0) throw new Error('the template has one job');
  return { ...job, name };
}

function fillIn(node: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof node === 'string') {
    return node.replaceAll(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name: string) => {
      const value = values.get(name);
      if (value === undefined) throw new Error(`no input ${name}`);
      return value;
    });
  }
  if (Array.isArray(node)) return node.map((item) => fillIn(item, values));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [fillIn(key, values) as string, fillIn(value, values)]),
  );
}

/** Runs the script lines of a job in one shell, as GitLab's runner does. */
export function runJob(job: GitlabJob, projectFolder: string): Promise<StepOutcome> {
  const predefined: Readonly<Record<string, string>> = { CI: 'true', CI_PROJECT_DIR: projectFolder };
  const expanded = (text: string): string =>
    text.replaceAll(/\$(\w+)|\$\{(\w+)\}/g, (_, one?: string, other?: string) => predefined[one ?? other ?? ''] ?? '');
  const variables = Object.entries(job.variables).map(([name, variable]) => {
    if (typeof variable === 'string') return [name, expanded(variable)] as const;
    return [name, variable.expand ? expanded(variable.value) : variable.value] as const;
  });
  return runScript(['set -eo pipefail', ...job.script].join('\n'), {
    shell: ['bash'],
    cwd: projectFolder,
    env: { ...predefined, ...Object.fromEntries(variables) },
  });
}
