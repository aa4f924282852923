import { LokiPush } from '../../nodes/LokiPush/LokiPush.node';
import { PushgatewayMetrics } from '../../nodes/PushgatewayMetrics/PushgatewayMetrics.node';
import { decidedItem } from '../support/decidedItem';
import { runNode } from '../support/engine';
import { serve } from '../support/httpServer';

// Nobody waits for a database that is never started.
jest.mock('node:timers/promises', () => {
  const real = jest.requireActual<typeof import('node:timers/promises')>('node:timers/promises');
  return { ...real, setTimeout: () => real.setTimeout(0) };
});

test.each([
  ['counted', new PushgatewayMetrics(), 'pushgatewayApi', 'incident_pipeline_events_total 1'],
  ['logged', new LokiPush(), 'lokiApi', 'delete_pod'],
] as const)(
  'an incident is %s although n8n could not read the credential from its database for a moment',
  async (_what, node, credential, sent) => {
    const bodies: string[] = [];
    const server = await serve((_request, response, body) => {
      bodies.push(body);
      response.writeHead(204).end();
    });
    let outages = 2;
    const { error, outputs } = await runNode({
      node,
      items: [decidedItem()],
      credentials: {
        get [credential]() {
          if (outages > 0) {
            outages -= 1;
            throw new Error('the database system is starting up');
          }
          return { url: server.url };
        },
      },
      onError: 'continueErrorOutput',
    });
    expect([error, outages, outputs[0]?.length, outputs[1] ?? []]).toEqual([undefined, 0, 1, []]);
    expect(bodies.join('\n')).toContain(sent);
    await server.close();
  },
);
