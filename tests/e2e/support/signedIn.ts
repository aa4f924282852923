import type { Browser, BrowserContext, Page } from 'playwright-core';

import type { Stack } from '../../../cluster/local/stack';
import { launchChromium } from './chromium';
import { ownerSession, SESSION_BROWSER } from './session';

/** A busy machine draws a canvas of fifty nodes in many seconds. Nothing here waits longer than for what it waits for. */
const PATIENCE_MS = 120_000;

export interface SignedIn {
  browser: Browser;
  page: Page;
}

/** A real browser in which the owner of n8n is signed in. */
export async function signedIn(stack: Stack): Promise<SignedIn> {
  const browser = await launchChromium();
  // Movement is drawn by the processor here, and nobody looks.
  const context = await browser.newContext({ viewport: { width: 1600, height: 1000 }, reducedMotion: 'reduce' });
  context.setDefaultTimeout(PATIENCE_MS);
  await signIn(context, stack);
  return { browser, page: await context.newPage() };
}

/** n8n ties a session to the browser that signed in, by an id that the editor keeps in its storage. */
async function signIn(context: BrowserContext, stack: Stack): Promise<void> {
  const pairs = (await ownerSession(stack)).split('; ').map((pair) => pair.split(/=(.*)/s));
  await context.addCookies(pairs.map(([name = '', value = '']) => ({ name, value, url: stack.urls.n8n })));
  await context.addInitScript(`localStorage.setItem('n8n-browserId', ${JSON.stringify(SESSION_BROWSER)})`);
}
