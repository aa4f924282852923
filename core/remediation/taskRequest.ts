import type { Stack } from './infrastructure';
import type { Repository } from './repository';

export const APPROVAL_MODES = ['manual', 'balanced', 'auto'] as const;
export type ApprovalMode = (typeof APPROVAL_MODES)[number];
export const PERMISSION_MODES = ['read-only', 'default'] as const;
export type PermissionMode = (typeof PERMISSION_MODES)[number];

/** The content of a new task. */
export interface TaskRequest {
  content: string;
  repository: Repository | null;
  stack: Stack | null;
  approvalMode: ApprovalMode;
  permissionMode: PermissionMode;
  planMode: boolean;
  /** Integrations of the organization that Neo may use, by id; none unless they are named. */
  integrations: readonly string[];
}
