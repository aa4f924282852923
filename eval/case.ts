import type { V1Pod } from '@kubernetes/client-node';
import { z } from 'zod/v4';

import { ALERT_SOURCES } from '../core/incident/alertSource.js';
import { CLASSIFICATIONS, DECISIONS } from '../core/incident/decision.js';
import { RESPONSE_MODES } from '../core/incident/mode.js';
import { PRIORITIES } from '../core/incident/priority.js';

/** What one ServiceAccount may do: "list pods", "create pods/exec", "get leases.coordination.k8s.io", "* *". */
const rights = z.array(z.string().regex(/^(\*|[a-z]+) (\*|[a-z0-9./-]+)$/));

const historySchema = z.strictObject({
  /** Earlier incidents of this rule and image in the last 14 days. */
  incidents: z.number().int().nonnegative(),
  /** Of how many workloads they were. */
  workloads: z.number().int().nonnegative(),
  /** How many of them a person judged so. */
  falsePositives: z.number().int().nonnegative(),
  truePositives: z.number().int().nonnegative(),
});

const relatedSchema = z.strictObject({
  rule: z.string(),
  priority: z.enum(PRIORITIES),
  /** Whether it is about the same workload, and not only of the same namespace. */
  sameSubject: z.boolean(),
  minutesBefore: z.number().nonnegative(),
});

/**
 * One labelled case, case.json: what is true beside the alert (alert.json, in its sender's exact form), and what is right.
 * eval/README.md says how to write one.
 */
export const caseSchema = z.strictObject({
  title: z.string().min(8).max(160),
  /** Why the right decisions are right, and the others are not. */
  reason: z.string().min(20).max(1200),
  /** Where the rule's behaviour and the tool's are described. */
  sources: z.array(z.string().min(4)).min(1),
  split: z.enum(['tuning', 'held-out']),
  kind: z.enum(['attack', 'benign']),
  /** Acceptable ones; the best first. */
  right: z.array(z.enum(DECISIONS)).min(1),
  /** Those that do harm. What is neither right nor here is merely not good. */
  never: z.array(z.enum(DECISIONS)),
  classification: z.array(z.enum(CLASSIFICATIONS)).min(1),
  difficulty: z.enum(['easy', 'medium', 'hard']),
  /** MITRE ATT&CK technique; null where there is no attack. */
  technique: z
    .string()
    .regex(/^T\d{4}(\.\d{3})?$/)
    .nullable(),
  tags: z.array(z.string()).default([]),
  /** The case from which this one differs by one fact. */
  twin: z.string().optional(),
  sender: z.enum(ALERT_SOURCES),
  /** What the API server says. Null: there is no such pod, or the alert is about none. */
  cluster: z
    .strictObject({
      mode: z.enum(RESPONSE_MODES).default('autonomous'),
      pod: z.custom<V1Pod>((value) => typeof value === 'object' && value !== null),
      /** The pod's controller; null for a bare pod. */
      workload: z
        .strictObject({
          kind: z.enum(['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job']),
          name: z.string(),
          desired: z.number().int(),
          ready: z.number().int(),
          top: z.strictObject({ kind: z.string(), name: z.string() }),
        })
        .nullable(),
      /** Of the pod's ServiceAccount, in its namespace and in the whole cluster; null: could not be asked. */
      rights: z.strictObject({ namespace: rights, cluster: rights }).nullable(),
      history: historySchema.default({ incidents: 0, workloads: 0, falsePositives: 0, truePositives: 0 }),
    })
    .nullable(),
  related: z.array(relatedSchema).default([]),
});
export type Case = z.infer<typeof caseSchema>;
