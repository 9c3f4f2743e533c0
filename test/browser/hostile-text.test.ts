import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderHtml } from '../../src/report/html/render-html.ts';
import type { BenchReport } from '../../src/results/schema.ts';
import { sampleReport, sampleRun } from '../report/sample-report.ts';
import { ReportBrowser } from './browser.ts';
import { skeleton, textsWith } from './in-page.js';

const screen = { widthPx: 360, colorScheme: 'light' } as const;
const seed = Number(process.env['TEST_SEED'] ?? randomInt(2 ** 31));

let browser: ReportBrowser;
beforeAll(async () => {
  browser = await ReportBrowser.launch();
});
afterAll(() => browser.close());

/** A report with the given text in every field that may contain user-provided text. */
function withText(text: string): BenchReport {
  const wrong = { verified: false, differences: [text, text] };
  const report = sampleReport([sampleRun(1, 1), sampleRun(2, 1), sampleRun(2, 2, wrong)]);
  return {
    ...report,
    workload: { ...report.workload, topic: text, corpus: text },
    environment: { ...report.environment, cpu: text, brokers: text, platform: text, node: text, program: text },
    lanes: report.lanes.map((lane) => ({ ...lane, consumerProperties: { [text]: text, 'client.id': text } })),
  };
}

const pieces = [
  '<script>document.title = "owned"</script>',
  '"><img src=x onerror="document.title = 1">',
  "' onmouseover='alert(1)",
  '</style><svg onload=alert(1)>',
  '</title><iframe src="https://example.org/">',
  '</textarea></details></table></main>',
  '<!-- ',
  '-->',
  '<![CDATA[',
  ']]>',
  '&lt;b&gt;&#60;&amp;&copy',
  '<bdo dir=rtl>',
  '${1 + 1}',
  '`',
  '\u202e',
  '\u0000',
  '\ud800',
  '\uffff',
  'javascript:alert(1)',
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'grapheme', maxLength: 8 })), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => `mark:${parts.join('')}`);

/** The text as a browser shows it: forbidden characters replaced, line endings normalized. */
function asShown(text: string): string {
  return text.replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\p{NChar}]/gu, '\ufffd').replace(/\r\n?/g, '\n');
}

test(`shows any text as plain text and never executes it (seed ${seed})`, async () => {
  const plain = await browser.open(await renderHtml(withText('mark:plain')), screen);
  const harmless = await plain.page.evaluate(skeleton);
  const places = (await plain.page.evaluate(textsWith, 'mark:')).length;
  expect(places).toBeGreaterThan(8);
  await plain.page.close();

  await fc.assert(
    fc.asyncProperty(hostile, async (text) => {
      const { page, complaints, requests } = await browser.open(await renderHtml(withText(text)), screen);
      expect(await page.evaluate(skeleton)).toEqual(harmless);
      const shown = await page.evaluate(textsWith, 'mark:');
      expect(shown.length).toBe(places);
      for (const part of shown) expect(part).toContain(asShown(text));
      expect(await page.title()).toContain('Consumer group bench');
      expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
      await page.close();
    }),
    { seed, numRuns: pieces.length + 12, endOnFailure: true, examples: pieces.map((piece) => [`mark:${piece}`]) },
  );
});
