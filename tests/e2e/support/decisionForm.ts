import type { Page } from 'playwright-core';

import type { Stack } from '../../../cluster/local/stack';
import { type SignedIn, signedIn } from './signedIn';

/** The form on which a person decides, in a real browser. */
export class DecisionForm {
  private constructor(
    private readonly browser: SignedIn['browser'],
    private readonly page: Page,
  ) {}

  /** Opens the stack's own form. The first time n8n asks whether the form may know who fills it in. */
  static async open(stack: Stack): Promise<DecisionForm> {
    const { browser, page } = await signedIn(stack);
    await page.goto(`${stack.urls.n8n}/form/incident-approvals`, { waitUntil: 'commit' });
    const consent = page.getByRole('button', { name: 'Allow' });
    const submit = page.locator('#submit-btn');
    await consent.or(submit).first().waitFor();
    if (await consent.isVisible()) await consent.click();
    await submit.waitFor();
    return new DecisionForm(browser, page);
  }

  async submit(): Promise<void> {
    await this.page.locator('#submit-btn').click();
  }

  /** Chooses by a label, once the page with it is there. */
  async choose(label: string | RegExp): Promise<void> {
    await this.page.locator('label').filter({ hasText: label }).first().click();
  }

  /** Waits for a text on the page. */
  async shows(text: string): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  async takePicture(): Promise<Buffer> {
    return this.page.locator('.card').first().screenshot({ animations: 'disabled' });
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}
