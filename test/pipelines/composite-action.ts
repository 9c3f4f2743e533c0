import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { runScript, type StepOutcome } from './shell-step.ts';

interface ActionStep {
  readonly id?: string;
  readonly name: string;
  readonly shell: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly ActionStep[] };
}

export interface ActionOutcome {
  /** The steps that ran, by name. */
  readonly steps: Readonly<Record<string, StepOutcome>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly succeeded: boolean;
}

/** `bash` in GitHub's documentation of `shell`. */
const shells: Readonly<Record<string, readonly [string, ...string[]]>> = {
  bash: ['bash', '--noprofile', '--norc', '-eo', 'pipefail'],
};

/**
 * Runs the steps of a composite action exactly as they are written, as GitHub's runner does: fills
 * in `${{ }}`, and provides the files and variables of a step. It knows only the expressions that
 * the action uses, and throws for any other.
 */
export async function runAction(
  file: string,
  job: {
    readonly inputs: Readonly<Record<string, string>>;
    readonly github?: Readonly<Record<string, string>>;
    readonly workspace: string;
  },
): Promise<ActionOutcome> {
  const action = parse(readFileSync(file, 'utf8')) as Action;
  for (const name of Object.keys(job.inputs)) if (!(name in action.inputs)) throw new Error(`no input ${name}`);
  const temporary = mkdtempSync(join(tmpdir(), 'runner-'));
  const summaryFile = join(temporary, 'summary.md');
  writeFileSync(summaryFile, '');
  const contexts = new Map<string, string>();
  for (const [name, { default: byDefault = '' }] of Object.entries(action.inputs)) {
    contexts.set(`inputs.${name}`, job.inputs[name] ?? byDefault);
  }
  const github = { server_url: 'https://github.com', action_repository: '', action_ref: '', ...job.github };
  for (const [name, value] of Object.entries(github)) contexts.set(`github.${name}`, value);
  const steps: Record<string, StepOutcome> = {};
  let succeeded = true;
  for (const [index, step] of action.runs.steps.entries()) {
    const outputFile = join(temporary, `output-${index}`);
    writeFileSync(outputFile, '');
    const env = Object.entries(step.env ?? {}).map(([name, value]) => [name, fillIn(value, contexts)] as const);
    const shell = shells[step.shell];
    if (shell === undefined) throw new Error(`shell ${step.shell} is not known`);
    const outcome = await runScript(fillIn(step.run, contexts), {
      shell,
      cwd: job.workspace,
      env: {
        GITHUB_OUTPUT: outputFile,
        GITHUB_STEP_SUMMARY: summaryFile,
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: job.workspace,
        RUNNER_TEMP: temporary,
        ...Object.fromEntries(env),
      },
    });
    steps[step.name] = outcome;
    for (const [name, value] of outputsIn(readFileSync(outputFile, 'utf8'))) {
      contexts.set(`steps.${step.id ?? ''}.outputs.${name}`, value);
    }
    // The steps after a failed one are skipped, because none has a condition.
    succeeded = outcome.code === 0;
    if (!succeeded) break;
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, fillIn(value, contexts)] as const);
  return { steps, outputs: Object.fromEntries(outputs), summary: readFileSync(summaryFile, 'utf8'), succeeded };
}

/** Outputs of steps that did not run are empty, as on GitHub. */
function fillIn(text: string, contexts: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => {
    const values = expression.split('||').map((path) => {
      const value = contexts.get(path.trim());
      if (value !== undefined) return value;
      if (/^steps\.[\w-]+\.outputs\.[\w-]+$/.test(path.trim())) return '';
      throw new Error(`unknown expression ${path.trim()}`);
    });
    return values.find((value) => value !== '') ?? '';
  });
}

/** @param text - the file of GITHUB_OUTPUT, with one output in each line */
function outputsIn(text: string): (readonly [name: string, value: string])[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [, name, value] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not an output: ${line}`);
    return [name, value] as const;
  });
}
