import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { benchReportJsonSchema } from '../../src/report/json-schema.ts';
import { sampleReport, sampleRun } from './sample-report.ts';

const file = 'src/report/bench-report.schema.json';

test('the published schema equals the one in the code; run npm run schema to update it', async () => {
  const config = await resolveConfig(file);
  const text = await format(JSON.stringify(benchReportJsonSchema()), { ...config, parser: 'json' });
  await expect(text).toMatchFileSnapshot(`../../${file}`);
});

test('a JSON Schema validator accepts a report and rejects other values', () => {
  // JSON Schema does not validate formats such as dates by default.
  const schema = JSON.parse(readFileSync(file, 'utf8')) as object;
  const validate = new Ajv2020({ validateFormats: false, strict: true, allowUnionTypes: true }).compile(schema);
  const report = sampleReport([1, 2, 4].map((members) => sampleRun(members, 1)));
  expect(validate(JSON.parse(JSON.stringify(report))), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...report, runs: [{}] })).toBe(false);
  expect(validate({ ...report, extra: 1 })).toBe(false);
});
