import type { NeoTask } from '../../core/incident/task';
import type { Claim } from '../../core/remediation/claim';
import { report } from '../../core/remediation/report';
import type { TaskPorts } from './ports';

export interface OpenedTask {
  task: NeoTask;
  /** Whether this call started the task, or found it again after somebody died; else it was there before. */
  ours: boolean;
}

/** The result for an incident whose task another call started. */
export function known(ports: TaskPorts, claim: Claim): OpenedTask {
  return { task: reported(ports, claim, ports.now()), ours: false };
}

/** The task as its claim has it. */
export function reported({ neo }: TaskPorts, claim: Claim, now: Date): NeoTask {
  return report(claim, { state: claim.status.state ?? 'claimed' }, neo.consoleUrl, now);
}
