import { setTimeout as delay } from 'node:timers/promises';

import { messageOf } from '../../../../core/errors';
import { type Evidence, type EvidencePart, PART_LIMIT } from '../../../../core/incident/evidence';
import type { Right } from '../../api/rights';
import { eventsPart, logParts, manifestPart, nodePart, ownersPart } from './parts';
import type { EvidenceInput } from './source';

export const EVIDENCE_RIGHTS: readonly Right[] = [
  { apiGroup: '', resource: 'pods/log', verb: 'get' },
  { apiGroup: '', resource: 'events', verb: 'list' },
  { apiGroup: 'apps', resource: 'replicasets', verb: 'get' },
  { apiGroup: 'apps', resource: 'deployments', verb: 'get' },
];
export const EVIDENCE_CLUSTER_RIGHTS: readonly Right[] = [{ apiGroup: '', resource: 'nodes', verb: 'get' }];

/**
 * Captures the evidence of a pod: its manifest, owners, containers' logs, events and node, side by side and within a deadline.
 * What is late or cannot be read is named in `missing`; evidence never keeps an action from being carried out.
 */
export async function captureEvidence(input: EvidenceInput): Promise<Evidence> {
  const capturedAt = input.now().toISOString();
  const began = performance.now();
  const manifest = await settled(manifestPart(input), input.evidenceMs);
  const left = Math.max(0, input.evidenceMs - (performance.now() - began));
  const containers = 'value' in manifest ? manifest.value.containers : [];
  const sources = [ownersPart(input), eventsPart(input), nodePart(input), ...logParts(input, containers)];
  const read = await Promise.all(
    sources.map(async ({ what, read: run }) => ({ what, result: await settled(run(), left) })),
  );
  const all = [{ what: 'manifest', result: manifest }, ...read];
  return {
    capturedAt,
    durationMs: Math.round(performance.now() - began),
    parts: all.flatMap(({ result }) => ('value' in result ? [bounded(result.value)] : [])),
    missing: all.flatMap(({ what, result }) => ('problem' in result ? [`${what}: ${result.problem}`] : [])),
  };
}

function bounded({ kind, name, content }: Omit<EvidencePart, 'truncated'>): EvidencePart {
  const truncated = content.length > PART_LIMIT;
  // The end of a log is what happened last.
  const kept = truncated ? (kind === 'logs' ? content.slice(-PART_LIMIT) : content.slice(0, PART_LIMIT)) : content;
  return { kind, name, content: kept, truncated };
}

async function settled<T>(reading: Promise<T>, withinMs: number): Promise<{ value: T } | { problem: string }> {
  const timer = new AbortController();
  const late = delay(withinMs, { problem: `not read within ${withinMs} ms` }, { signal: timer.signal, ref: false });
  late.catch(() => undefined);
  try {
    return await Promise.race([reading.then((value) => ({ value })), late]);
  } catch (error) {
    return { problem: messageOf(error) };
  } finally {
    timer.abort();
  }
}
