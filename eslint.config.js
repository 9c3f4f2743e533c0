import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { exhaustiveChoice } from './test/lint/exhaustive-choice.js';

/** Arguments lie on the stack: a spread of more than about 100,000 values ends in a RangeError. */
const unboundedSpreads = [
  {
    selector: 'CallExpression[callee.object.name="Math"] > SpreadElement',
    message: 'A long list ends in a RangeError: use largest or smallest of src/statistics/extremes.ts.',
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(push|unshift|splice|concat|of|apply|fromCharCode|fromCodePoint)$/] > SpreadElement',
    message: 'A long list ends in a RangeError: add the values in a loop.',
  },
];

/** The wall clock may be set while the program runs: a difference of two readings is not a duration. */
const wallClock = [
  {
    selector: 'MemberExpression[object.name="Date"][property.name=/^(now|parse)$/]',
    message: 'Take durations and deadlines from the monotonic clock: nowMs of src/time/clock.ts.',
  },
  {
    selector: 'CallExpression[callee.property.name=/^(getTime|valueOf|getMilliseconds)$/]',
    message: 'Take durations and deadlines from the monotonic clock: nowMs of src/time/clock.ts.',
  },
  {
    selector: 'MemberExpression[object.name="performance"][property.name="now"]',
    message: 'Each thread has its own zero: use nowMs of src/time/clock.ts, which all threads share.',
  },
];

/** Threads of members are terminated at any moment, and only these modules are loaded in threads. */
const topLevelAwait = [
  {
    selector: ':matches(AwaitExpression, ForOfStatement[await=true]):not(:function *)',
    message:
      'V8 of Node 22 aborts the process when terminate() meets the start of a module with await at its top level.',
  },
];

const ownTimers = "Node's timers overflow at 24 days: use sleep or startTimer of src/time/sleep.ts.";

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '.cache', 'coverage', 'src/count/generated', 'src/count/assembly'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['{src,bench,test,setup}/**/*.{ts,js}'],
    rules: { 'no-restricted-syntax': ['error', ...unboundedSpreads] },
  },
  {
    files: ['{src,bench}/**/*.{ts,js}'],
    rules: { 'no-restricted-syntax': ['error', ...unboundedSpreads, ...wallClock] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/main.ts'],
    rules: { 'no-restricted-syntax': ['error', ...unboundedSpreads, ...wallClock, ...topLevelAwait] },
  },
  {
    // Programs of other makers, in several languages, share no clock with us but the wall clock.
    files: ['bench/peers/**/*.{ts,js}'],
    rules: { 'no-restricted-syntax': ['error', ...unboundedSpreads] },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', { name: 'setTimeout', message: ownTimers }],
      'no-restricted-imports': [
        'error',
        { name: 'node:timers/promises', importNames: ['setTimeout'], message: ownTimers },
        { name: 'node:timers', message: ownTimers },
      ],
    },
  },
  { files: ['src/time/sleep.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    // A check looks at a few kinds of events; that it misses none is shown by the histories that must fail it.
    files: ['src/verify/**/*.ts'],
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['src/**/*.ts', 'bench/**/*.ts'],
    plugins: { house: { rules: { 'exhaustive-choice': exhaustiveChoice } } },
    rules: { 'house/exhaustive-choice': 'error' },
  },
  {
    files: ['examples/**/*.ts'],
    rules: { '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }] },
  },
  { files: ['test/**/*.ts', 'bench/**/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        AbortSignal: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
      },
    },
  },
);
