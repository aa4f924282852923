import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Locator, Page } from 'playwright-core';

import type { Stack } from '../../../cluster/local/stack';
import { until } from '../../../cluster/local/process/wait';
import { ROOT } from '../../support/manifests';
import type { WorkflowJson } from './n8n';
import { signedIn, type SignedIn } from './signedIn';

/** n8n's editor in a real browser, used as a person does. */
export class Editor {
  private constructor(
    private readonly browser: SignedIn['browser'],
    private readonly page: Page,
    private readonly n8n: string,
  ) {}

  static async start(stack: Stack): Promise<Editor> {
    const { browser, page } = await signedIn(stack);
    return new Editor(browser, page, stack.urls.n8n);
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }

  /** Imports a file through the editor's menu. Returns the id of the workflow, once n8n has stored it. */
  async importFile(file: string): Promise<string> {
    await this.goTo('workflow/new');
    const stored = this.page.waitForResponse(
      (answer) => answer.request().method() === 'POST' && answer.url().endsWith('/rest/workflows'),
    );
    await this.page.getByTestId('workflow-import-input').setInputFiles(join(ROOT, 'workflows', file));
    const { data } = (await (await stored).json()) as { data: { id: string } };
    await this.page.getByTestId('canvas-node').first().waitFor();
    return data.id;
  }

  async openWorkflow(id: string): Promise<void> {
    await this.goTo(`workflow/${id}`);
    await this.page.getByTestId('canvas-wrapper').waitFor();
  }

  /** Opens what became of a workflow's execution. A click beside the nodes closes what n8n shows over them. */
  async openExecution(workflow: string, execution: string): Promise<void> {
    await this.goTo(`workflow/${workflow}/executions/${execution}`);
    await this.page.getByTestId('canvas-node').first().waitFor();
    await this.page.getByTestId('canvas').click({ position: { x: 5, y: 5 } });
  }

  /** A picture of the canvas, with all its nodes and notes in view, as n8n fits them. */
  async takePicture(elements: number): Promise<Buffer> {
    await until('all nodes and notes on the canvas', 60, async () =>
      (await this.page.locator('.vue-flow__node').count()) === elements ? true : undefined,
    );
    await this.page.getByTestId('zoom-to-fit').click();
    return this.page.getByTestId('canvas-wrapper').screenshot({ animations: 'disabled' });
  }

  /** Runs the open workflow by hand, as the button under the canvas does. */
  async execute(): Promise<void> {
    await this.page.getByTestId('execute-workflow-button').click();
  }

  async openNode(name: string): Promise<OpenNode> {
    const node = this.page.locator(`[data-test-id=canvas-node][data-node-name=${JSON.stringify(name)}]`);
    // Double-clicked in its middle: what lies over its edges has clicks of its own.
    await node.dblclick({ force: true });
    const panel = this.page.getByTestId('ndv');
    await panel
      .getByTestId('node-title-container')
      .getByTestId('inline-edit-preview')
      .getByText(name, { exact: true })
      .waitFor();
    return new OpenNode(this.page, panel);
  }

  /** Types a word into the panel that adds nodes. It searches once the typing has stopped for a moment. */
  async search(word: string): Promise<void> {
    const field = this.page.getByTestId('node-creator-search-bar');
    if (!(await field.isVisible())) await this.page.getByTestId('node-creator-plus-button').click();
    await field.fill(word);
  }

  /** Names of the nodes that the panel shows now. */
  async found(): Promise<string[]> {
    return this.page.getByTestId('node-creator-item-name').allInnerTexts();
  }

  /** Adds a node by its name, and the first of its actions where it has any. It is then open. */
  async add(name: string): Promise<OpenNode> {
    await this.search(name);
    await this.page.getByTestId('node-creator-item-name').getByText(name, { exact: true }).click();
    // A node of the community has a page of its own first, with its actions or a button.
    const action = this.page.locator('[data-test-id=item-iterator-item][data-keyboard-nav-type=action]');
    await this.page.getByText('Add to workflow').or(action).first().click();
    const panel = this.page.getByTestId('ndv');
    await panel.waitFor();
    return new OpenNode(this.page, panel);
  }

  /** Opens a page. That it is there is seen by what is on it, which the caller waits for. */
  private async goTo(path: string): Promise<void> {
    await this.page.goto(`${this.n8n}/${path}`, { waitUntil: 'commit' });
  }
}

/** What is read of an element in the page: its types are not loaded here. */
interface DrawnElement {
  getAttribute: (name: string) => string | null;
  querySelector: (selector: string) => DrawnElement | null;
}

/** What a link to the documentation opened. */
interface DocsPage {
  pathname: string;
  /** Of the page, or of the section that the link names. */
  heading: string;
  /** Whether that heading is where the browser shows the page from. */
  inView: boolean;
}

const PARAMETER = '[data-parameter-path^="parameters."]';

/** The panel of an open node. */
export class OpenNode {
  constructor(
    private readonly page: Page,
    private readonly panel: Locator,
  ) {}

  /** A picture of the panel, once its output has a column. */
  async takePicture(column: string): Promise<Buffer> {
    await this.panel.getByTestId('output-panel').getByText(column, { exact: true }).first().waitFor();
    return this.panel.screenshot({ animations: 'disabled' });
  }

  /** Its name, without the number that n8n adds where there is another of it. */
  async name(): Promise<string> {
    const name = await this.panel.getByTestId('node-title-container').getByTestId('inline-edit-preview').innerText();
    return name.replace(/ ?\d+$/, '');
  }

  /** Names of the parameters that a person sees. What a collection holds belongs to the collection. */
  async parameters(): Promise<string[]> {
    const found = this.panel
      .getByTestId('node-parameters')
      // A collection has no path of its own, only a label, the first in it: what it holds has labels, too.
      .locator(`${PARAMETER}, .multi-parameter:not(${PARAMETER} *, .multi-parameter *)`);
    const names = await found.evaluateAll((all: DrawnElement[]) =>
      all.map(
        (one) =>
          one.getAttribute('data-parameter-path')?.split('.')[1] ??
          one.querySelector('label[for]')?.getAttribute('for') ??
          '',
      ),
    );
    return [...new Set(names)];
  }

  /** Labels of the credentials that can be chosen. */
  async credentials(): Promise<string[]> {
    const labels = await this.panel.getByTestId('credentials-label').locator('label').allInnerTexts();
    return labels.map((label) => label.trim());
  }

  /** Chooses a credential in the list of that label. */
  async chooseCredential(label: string, id: string): Promise<void> {
    await this.choose(this.credentialList(label), this.credentialItem(id));
  }

  /** Makes a credential by *Create new credential* in that list. It is then chosen. */
  async createCredential(label: string, fields: Record<string, string>): Promise<void> {
    await this.choose(this.credentialList(label), this.credentialItem('new'));
    const dialog = this.page.getByTestId('editCredential-modal');
    for (const [name, value] of Object.entries(fields))
      await dialog.getByTestId(`parameter-input-${name}`).locator('input, textarea').first().fill(value);
    await dialog.getByTestId('credential-save-button').click();
    await dialog.waitFor({ state: 'hidden' });
  }

  async chooseOption(parameter: string, option: string): Promise<void> {
    const input = this.panel.getByTestId(`parameter-input-${parameter}`);
    const item = this.page
      .locator('[data-test-id=parameter-input-item]:visible .option-headline')
      .getByText(option, { exact: true });
    await this.choose(input.getByRole('combobox'), item);
    await until(`${option} in ${parameter}`, 20, async () =>
      (await this.shown(parameter)) === option ? true : undefined,
    );
  }

  /** Chooses from the list that n8n reads from the cluster. */
  async chooseFromList(parameter: string, name: string): Promise<void> {
    const input = this.panel.getByTestId(`resource-locator-${parameter}`).getByTestId('rlc-input');
    await this.choose(input, this.page.locator('[data-test-id=rlc-item]:visible').getByText(name, { exact: true }));
  }

  /** The option that is shown as chosen. */
  async shown(parameter: string): Promise<string> {
    return this.panel.getByTestId(`parameter-input-${parameter}`).getByRole('combobox').inputValue();
  }

  /** Where *Docs* leads, and what is there. */
  async docs(): Promise<DocsPage> {
    return this.follow(this.panel.getByRole('link', { name: 'Docs' }));
  }

  /** Where the link among the fields of a new credential leads. The credential is not made. */
  async credentialDocs(label: string): Promise<DocsPage> {
    await this.choose(this.credentialList(label), this.credentialItem('new'));
    const dialog = this.page.getByTestId('editCredential-modal');
    const found = await this.follow(dialog.getByRole('link', { name: 'What each field is' }));
    await dialog.getByRole('button', { name: 'Close' }).first().click();
    return found;
  }

  private async follow(link: Locator): Promise<DocsPage> {
    const opened = this.page.context().waitForEvent('page');
    await link.click();
    const page = await opened;
    await page.locator('h1').waitFor();
    const { pathname, hash } = new URL(page.url());
    const target = hash.startsWith('#?') ? 'h1' : `[id="${hash.slice(1)}"]`;
    // It is there for people only if the browser draws it, and where they look.
    await until(`${target} in sight`, 20, async () => ((await page.locator(target).isVisible()) ? true : undefined));
    const heading = await page.locator(target).innerText();
    const top = (await page.locator(target).boundingBox())?.y ?? -Infinity;
    await page.close();
    // A browser scrolls to a fraction of a pixel.
    return { pathname, heading, inView: top > -1 && top < 1000 };
  }

  async close(): Promise<void> {
    await this.panel.getByTestId('ndv-close-button').click();
    await this.panel.waitFor({ state: 'hidden' });
  }

  /**
   * Opens a list and chooses from it. The one of the last choice has to be gone: it shows its items while it closes. A click
   * that comes while n8n draws the panel again opens nothing.
   */
  private async choose(list: Locator, item: Locator): Promise<void> {
    await item.waitFor({ state: 'hidden' });
    await until('an open list', 60, async () => {
      await list.click();
      return item.waitFor({ timeout: 5_000 }).then(
        () => true,
        () => undefined,
      );
    });
    await item.click();
  }

  private credentialItem(id: string): Locator {
    return this.page.locator(`[data-test-id=node-credentials-select-item-${id}]:visible`);
  }

  private credentialList(label: string): Locator {
    return this.panel
      .getByTestId('credentials-label')
      .filter({ has: this.page.getByText(label, { exact: true }) })
      .getByTestId('node-credentials-select');
  }
}

export const workflowFile = (file: string): WorkflowJson =>
  JSON.parse(readFileSync(join(ROOT, 'workflows', file), 'utf8')) as WorkflowJson;
