import { ESLint, type Linter } from 'eslint';
import { expect, test } from 'vitest';

/** A file that the linter's configuration and the compiler's project both know. */
const filePath = 'src/config/tokenizers.ts';
const union = "declare const kind: 'a' | 'b' | undefined;\ndeclare function use(value: unknown): void;\n";

const eslint = new ESLint();

async function reportsOf(line: string): Promise<readonly Linter.LintMessage[]> {
  const [result] = await eslint.lintText(`${union}${line}\n`, { filePath });
  return result?.messages.filter(({ ruleId }) => ruleId === 'house/exhaustive-choice') ?? [];
}

test.each([
  "use(kind === 'a' ? 1 : 2);",
  "use('a' !== kind ? 1 : 2);",
  "use(!(kind === 'a' && Date.length > 0) ? 1 : 2);",
  "if (kind === 'a') use(1);\nelse use(2);",
])('rejects a choice that does not name every member of a union: %s', async (line) => {
  const message = expect.stringContaining('besides a, b') as string;
  expect(await reportsOf(line)).toMatchObject([{ line: 3, message }]);
});

test.each([
  "use(kind === 'a' ? [1] : []);",
  "use(kind !== 'a' ? undefined : 1);",
  "use({ ...(kind === 'a' ? { kind } : {}) });",
  "if (kind === 'a') use(1);\nelse if (kind === 'b') use(2);",
  "declare const text: string;\nuse(text === 'a' ? 1 : 2);",
  "declare const value: string | number;\nuse(typeof value === 'string' ? 1 : 2);",
])('allows a choice that swallows no member: %s', async (line) => {
  expect(await reportsOf(line)).toEqual([]);
});
