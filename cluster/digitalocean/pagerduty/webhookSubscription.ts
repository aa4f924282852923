import * as pulumi from '@pulumi/pulumi';

/** The events that begin, repeat and end an incident's remediation. */
export const EVENTS = ['incident.triggered', 'incident.reopened', 'incident.resolved'];

interface Subscription {
  /** Of PagerDuty's REST API, and its key. */
  endpoint: string;
  token: string;
  serviceId: string;
  url: string;
  description: string;
  events: string[];
}

interface Subscribed extends Subscription {
  /** With which PagerDuty signs what it sends. */
  secret: string;
}

interface Answer {
  webhook_subscription?: { id?: string; delivery_method?: { secret?: string } };
}

/**
 * A V3 webhook subscription. PagerDuty returns its signing secret only once, in the response to the request that creates it;
 * the provider discards that response. So this code sends the request, and the secret becomes part of the state, encrypted.
 * Any change creates a new subscription, with a new secret, before the old one is deleted.
 *
 * Pulumi stores these functions as text and runs them elsewhere: they use only Node's own modules.
 */
export const provider: pulumi.dynamic.ResourceProvider<Subscription, Subscribed> = {
  async create(inputs) {
    const body = {
      webhook_subscription: {
        type: 'webhook_subscription',
        active: true,
        description: inputs.description,
        delivery_method: { type: 'http_delivery_method', url: inputs.url },
        events: inputs.events,
        filter: { type: 'service_reference', id: inputs.serviceId },
      },
    };
    const answer = await request(inputs, 'POST', '', body);
    const { webhook_subscription: made } = (await answer.json()) as Answer;
    if (!made?.id || !made.delivery_method?.secret)
      throw new Error("PagerDuty's response has no id or no signing secret of the webhook subscription.");
    return { id: made.id, outs: { ...inputs, secret: made.delivery_method.secret } };
  },

  diff(_id, olds, news) {
    const replaces = (['endpoint', 'serviceId', 'url', 'description'] as const).filter(
      (key) => olds[key] !== news[key],
    );
    const others = JSON.stringify(olds.events) === JSON.stringify(news.events) ? [] : ['events'];
    const isOther = replaces.length + others.length > 0;
    // A new API key does not create a new subscription; it is kept for later requests.
    return Promise.resolve({ changes: isOther || olds.token !== news.token, replaces: [...replaces, ...others] });
  },

  update: (_id, olds, news) => Promise.resolve({ outs: { ...news, secret: olds.secret } }),

  async read(id, props) {
    if (props === undefined) throw new Error('A webhook subscription cannot be imported: its secret is told once.');
    const answer = await request(props, 'GET', `/${id}`);
    // Without an id Pulumi knows that it is gone, and makes it again.
    return answer.status === 404 ? {} : { id, props };
  },

  async delete(id, props) {
    await request(props, 'DELETE', `/${id}`);
  },
};

/** A 404 is fine for a deletion and for a read. */
async function request(
  { endpoint, token }: Subscription,
  method: string,
  path: string,
  body?: object,
): Promise<Response> {
  const answer = await fetch(`${endpoint}/webhook_subscriptions${path}`, {
    method,
    headers: {
      Authorization: `Token token=${token}`,
      Accept: 'application/vnd.pagerduty+json;version=2',
      'Content-Type': 'application/json',
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  if (answer.ok || (answer.status === 404 && method !== 'POST')) return answer;
  throw new Error(`PagerDuty answered ${answer.status} to ${method} /webhook_subscriptions: ${await answer.text()}`);
}

type Arguments = Record<'token' | 'serviceId' | 'url' | 'description', pulumi.Input<string>>;

export class WebhookSubscription extends pulumi.dynamic.Resource {
  declare readonly secret: pulumi.Output<string>;

  constructor(name: string, inputs: Arguments, options?: pulumi.CustomResourceOptions) {
    const all = { endpoint: 'https://api.pagerduty.com', events: EVENTS, ...inputs, secret: undefined };
    super(provider, name, all, { ...options, additionalSecretOutputs: ['secret', 'token'] });
  }
}
