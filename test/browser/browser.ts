import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findChromium } from '../../setup/chromium.js';

export interface Screen {
  readonly widthPx: number;
  readonly colorScheme: 'light' | 'dark';
}

export interface OpenedPage {
  readonly page: Page;
  /** Console messages and uncaught errors of the page. */
  readonly complaints: readonly string[];
  /** URLs that the page requested, except its own and data URLs. */
  readonly requests: readonly string[];
}

/** A Chromium browser that opens pages from files. */
export class ReportBrowser {
  readonly #browser: Browser;
  readonly #folder: string;
  #pages = 0;

  private constructor(browser: Browser, folder: string) {
    this.#browser = browser;
    this.#folder = folder;
  }

  static async launch(): Promise<ReportBrowser> {
    const executablePath = findChromium();
    if (executablePath === undefined)
      throw new Error('there is no Chromium here; node setup/main.js --tests installs it');
    // Containers have no GPU and little shared memory.
    const browser = await chromium.launch({ executablePath, args: ['--disable-gpu', '--disable-dev-shm-usage'] });
    return new ReportBrowser(browser, await mkdtemp(join(tmpdir(), 'report-page-')));
  }

  async open(text: string, { widthPx, colorScheme }: Screen, format: 'html' | 'svg' = 'html'): Promise<OpenedPage> {
    const file = join(this.#folder, `${(this.#pages += 1)}.${format}`);
    await writeFile(file, text);
    const page = await this.#browser.newPage({ viewport: { width: widthPx, height: 800 }, colorScheme });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    const own = pathToFileURL(file).href;
    page.on('request', (request) => {
      if (request.url() !== own && !request.url().startsWith('data:')) requests.push(request.url());
    });
    await page.goto(own, { waitUntil: 'load' });
    return { page, complaints, requests };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
