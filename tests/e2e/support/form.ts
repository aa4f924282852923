import { z } from 'zod/v4';

import type { Stack } from '../../../cluster/local/stack';
import { until } from '../../../cluster/local/process/wait';
import { ownerSession } from './session';

const consent = z.object({ data: z.object({ redirectUrl: z.string().optional() }) });
const submitted = z.object({ formWaitingUrl: z.string() });

/** n8n forms that ignore bots take Node's own name for one. */
const USER_AGENT = 'Mozilla/5.0 (X11; Linux x64) e2e';

/** A page of a form as a browser got it. */
export interface Page {
  status: number;
  url: string;
  location: string | null;
  html: string;
  /** What the page's script sends back, so that n8n knows who submits: cookies do not reach a sandboxed page's POST. */
  token: string;
}

/** A browser as far as n8n's forms need one: cookies, and by hand what the pages' scripts do. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly n8n: string) {}

  static async owner(stack: Stack): Promise<Browser> {
    const browser = new Browser(stack.urls.n8n);
    for (const pair of (await ownerSession(stack)).split('; ')) {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      browser.cookies.set(name, value);
    }
    return browser;
  }

  static async signedIn({ urls, login }: Pick<Stack, 'urls' | 'login'>): Promise<Browser> {
    const browser = new Browser(urls.n8n);
    const answer = await browser.json('POST', '/rest/login', {
      emailOrLdapLoginId: login.email,
      password: login.password,
    });
    if (!answer.ok) throw new Error(`n8n refuses the login of ${login.email}: ${answer.status}`);
    return browser;
  }

  /** One request; redirects are not followed. */
  async get(url: string): Promise<Page> {
    return pageOf(url, await this.request(url));
  }

  /**
   * Opens a form behind n8n's login, which leads through n8n's own authorisation server and back. The page in between
   * asks for consent the first time; what its script calls is called here.
   */
  async open(url: string): Promise<Page> {
    let page = await this.get(url);
    for (let hops = 0; page.location !== null; hops += 1) {
      if (hops > 8) throw new Error(`${url} redirects without an end, lastly to ${page.location}`);
      const next = new URL(page.location, page.url);
      page = await this.get(next.pathname === '/oauth/consent' ? await this.consent() : next.href);
    }
    return page;
  }

  /** Submits a page: its fields in their order. A radio button's value is the list of the one chosen label. */
  async submit({ url, token }: Pick<Page, 'url' | 'token'>, fields: (string | string[])[] = []): Promise<Page> {
    const body = new FormData();
    for (const [index, value] of fields.entries())
      body.append(`field-${index}`, typeof value === 'string' ? value : JSON.stringify(value));
    return pageOf(url, await this.request(url, { method: 'POST', headers: { 'x-auth-token': token }, body }));
  }

  /** Waits for the page that follows a submitted one, and opens it. */
  async next({ html }: Pick<Page, 'html'>): Promise<Page> {
    const { formWaitingUrl } = submitted.parse(JSON.parse(html));
    await until('the next page', 30, async () =>
      (await this.state(formWaitingUrl)) === 'form-waiting' ? true : undefined,
    );
    return this.get(formWaitingUrl);
  }

  /** Posts JSON, as the script of a page does. */
  async post(path: string, body: object): Promise<{ status: number; text: string }> {
    const answer = await this.json('POST', path, body);
    return { status: answer.status, text: await answer.text() };
  }

  /** How the execution behind a waiting page is. */
  async state(waiting: string): Promise<string> {
    const url = new URL(waiting);
    url.pathname += '/n8n-execution-status';
    return (await this.request(url.href)).text();
  }

  private async consent(): Promise<string> {
    for (const [method, path, body] of [
      ['GET', '/rest/consent/details'],
      ['POST', '/rest/consent/approve', { approved: true }],
    ] as const) {
      const answer = await this.json(method, path, body);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`n8n does not let this user in: ${answer.status} ${text}`);
      const { redirectUrl } = consent.parse(JSON.parse(text)).data;
      if (redirectUrl !== undefined) return redirectUrl;
    }
    throw new Error('n8n asks for consent and then leads nowhere');
  }

  private json(method: string, path: string, body?: object): Promise<Response> {
    return this.request(this.n8n + path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  private async request(url: string, { headers, ...init }: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.timeout(20_000),
      headers: {
        'browser-id': 'e2e',
        'user-agent': USER_AGENT,
        ...(cookie === '' ? {} : { cookie }),
        ...(headers as Record<string, string>),
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }
}

/** The labels of a page's radio buttons, as a person reads them. */
export function choices({ html }: Pick<Page, 'html'>): string[] {
  return [...html.matchAll(/<label for='option[^>]*>(.*?)<\/label>/gs)].map(([, label = '']) => textOf(label));
}

/** The words of a page, as a person reads them. */
export function wordsOf({ html }: Pick<Page, 'html'>): string {
  const [, body = ''] = /<body>(.*?)(?:<script|$)/s.exec(html) ?? [];
  return textOf(body.replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ');
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };

function textOf(html: string): string {
  return html.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot));/gi,
    (_all, hex?: string, decimal?: string, name = '') =>
      hex !== undefined
        ? String.fromCodePoint(parseInt(hex, 16))
        : decimal !== undefined
          ? String.fromCodePoint(Number(decimal))
          : (ENTITIES[String(name)] ?? ''),
  );
}

async function pageOf(url: string, answer: Response): Promise<Page> {
  const html = await answer.text();
  const [, token = ''] = /const authToken = '([^']*)'/.exec(html) ?? [];
  return { status: answer.status, url, location: answer.headers.get('location'), html, token };
}
