import type { Action } from '../../../core/incident/actions';
import type { ActionDefinition } from './action';
import { deletePod } from './deletePod';
import { evictPod } from './evictPod';
import { quarantinePod } from './quarantine/quarantinePod';
import { releasePod } from './releasePod';

export const ACTION_DEFINITIONS: Readonly<Record<Action, ActionDefinition>> = {
  quarantine_pod: quarantinePod,
  release_pod: releasePod,
  delete_pod: deletePod,
  evict_pod: evictPod,
};
