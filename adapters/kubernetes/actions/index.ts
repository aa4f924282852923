import type { Action } from '../../../core/response/response';
import type { ActionDefinition } from './action';
import { deletePod } from './deletePod';
import { quarantinePod } from './quarantinePod';
import { releasePod } from './releasePod';

export const ACTION_DEFINITIONS: Readonly<Record<Action, ActionDefinition>> = {
  quarantine_pod: quarantinePod,
  release_pod: releasePod,
  delete_pod: deletePod,
};
