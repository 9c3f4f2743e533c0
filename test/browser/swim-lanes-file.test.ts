import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderSwimLanesFile } from '../../src/benchmark/experiments/rebalance/figures/swim-lanes-file.ts';
import { ReportBrowser, type OpenedPage } from './browser.ts';
import { rebalanceSection } from './paced-sections.ts';

const outputFolder = '.cache/ci-output';
const widthPx = 1_000;
const { timeline, marks } = rebalanceSection();

let browser: ReportBrowser;
beforeAll(async () => {
  await mkdir(outputFolder, { recursive: true });
  browser = await ReportBrowser.launch();
});
afterAll(() => browser.close());

/** Expects a well-formed document: browsers show a parse error instead of malformed XML. */
async function expectDocument({ page, complaints, requests }: OpenedPage): Promise<void> {
  expect(await page.locator('parsererror').count()).toBe(0);
  expect(await page.title()).toBe('Partition owners over time');
  expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
}

test('a standalone document has one bar per row within its bounds, in light and dark mode', async () => {
  const papers = new Set<unknown>();
  for (const colorScheme of ['light', 'dark'] as const) {
    const svg = renderSwimLanesFile({ timeline, marks });
    const opened = await browser.open(svg, { widthPx, colorScheme }, 'svg');
    const { page } = opened;
    await expectDocument(opened);
    const paper = await page.locator('rect.paper').boundingBox();
    if (paper === null) throw new Error('there is no picture');
    for (const kind of ['owned', 'gap'] as const) {
      const bars = await page.locator(`g.${kind} > rect`).all();
      expect(bars.length).toBe(timeline.filter((row) => row.kind === kind).length);
      for (const bar of bars) {
        const box = await bar.boundingBox();
        if (box === null) throw new Error('a bar is not drawn');
        expect(box.x).toBeGreaterThanOrEqual(paper.x);
        expect(box.y).toBeGreaterThanOrEqual(paper.y);
        expect(box.x + box.width).toBeLessThanOrEqual(paper.x + paper.width);
        expect(box.y + box.height).toBeLessThanOrEqual(paper.y + paper.height);
      }
    }
    for (const { text } of marks) expect(await page.getByText(text).count()).toBeGreaterThan(0);
    papers.add(await page.evaluate("getComputedStyle(document.querySelector('rect.paper')).fill"));
    await page.close();
    // Playwright takes screenshots of HTML pages only.
    const image = `<img src="data:image/svg+xml,${encodeURIComponent(svg)}" width="${paper.width}">`;
    const shown = await browser.open(image, { widthPx, colorScheme });
    await shown.page.screenshot({ path: `${outputFolder}/owners-${colorScheme}.png`, fullPage: true });
    await shown.page.close();
  }
  expect(papers.size).toBe(2);
});

test.each(['<script>document.title = 1</script>', '"\'>&amp;]]>', '</text></svg>', '\u0000\ufffe\ud800'])(
  'shows text as plain text, never as markup: %j',
  async (text) => {
    const [mark] = marks;
    if (mark === undefined) throw new Error('nothing happened to the group');
    const hostile = { timeline, marks: [{ ...mark, text: `mark:${text}:end` }] };
    const opened = await browser.open(renderSwimLanesFile(hostile), { widthPx, colorScheme: 'light' }, 'svg');
    await expectDocument(opened);
    const shown = `mark:${text.replace(/[\0\ufffe\ud800]/g, '\ufffd')}:end`;
    expect(await opened.page.locator('text', { hasText: 'mark:' }).textContent()).toContain(shown);
    await opened.page.close();
  },
);
