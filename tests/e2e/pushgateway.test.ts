import { metricsGroup } from '../../adapters/pushgateway/push';
import { groupPath } from '../../adapters/pushgateway/groupPath';
import type { Stack } from '../../cluster/local/stack';
import { FIRST_START_MS, startStack } from './support/stack';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
}, FIRST_START_MS);

const INSTANCES = ['e2e/slash', 'e2e/two/slashes', '..', 'Προμηθεύς'];
afterAll(() =>
  Promise.all(
    INSTANCES.map((instance) => fetch(`${stack.urls.pushgateway}${groupPath(instance)}`, { method: 'DELETE' })),
  ),
);

interface Held {
  data: { labels: Record<string, string>; incident_pipeline_failure_total: { metrics: { value: string }[] } }[];
}

test.each(INSTANCES)(
  'the instance %j is a group of its own in Pushgateway, and found again after a restart',
  async (instance) => {
    const url = stack.urls.pushgateway;
    const access = { url, username: '', password: '' };
    // Another spelling of the address stands for another process.
    for (const process of [url, url.replace('127.0.0.1', 'localhost')]) {
      const group = metricsGroup(process, instance);
      group.countFailure();
      await group.push(access);
    }
    const { data } = (await (await fetch(`${url}/api/v1/metrics`)).json()) as Held;
    const [group, ...others] = data.filter(({ labels }) => labels.instance === instance);
    expect(others).toEqual([]);
    expect(group?.labels).toEqual({ job: 'incident-pipeline', instance });
    expect(group?.incident_pipeline_failure_total.metrics).toMatchObject([{ value: '2' }]);
  },
);
