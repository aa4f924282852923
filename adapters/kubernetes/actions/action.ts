import type * as app from '../../../app/action';
import type { QuarantineRecord } from '../../../core/response/record';
import type { KubernetesClient } from '../api/client';
import type { Right } from '../api/rights';

export type { ActionResult } from '../../../app/action';

export interface ActionInput extends app.ActionInput {
  client: KubernetesClient;
}

/** How an action of core/incident/actions.ts is carried out through the Kubernetes API. */
export interface ActionDefinition {
  /** Rights in the pod's namespace, beside those for reading the pod. */
  rights: readonly Right[];
  /** What may be done before the action is permitted: nothing about the pod. Null where there is nothing, or to be looked for. */
  begin?: (input: ActionInput) => Promise<QuarantineRecord | null>;
  run: (input: ActionInput) => Promise<app.ActionResult>;
}

/** The API server's own dry run: it checks rights, validation and admission, and stores nothing. */
export function dryRunOption(dryRun: boolean): { dryRun?: 'All' } {
  return dryRun ? { dryRun: 'All' } : {};
}

/** How errors and reports call the pod. */
export function podName({ context: { namespace, pod } }: Pick<ActionInput, 'context'>): string {
  return `${namespace.name}/${pod.name}`;
}
