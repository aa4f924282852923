import type { Neo } from '../../app/neo/ports';
import type { PulumiCloudAccess } from './call';
import { createTask } from './create';
import { followEvents } from './follow';
import { cancelTask, confirm, consoleUrl, listTasks, readEvents, readTask } from './tasks';

/** The use cases' Neo, behind one organization's access. */
export function neoOf(access: PulumiCloudAccess): Neo {
  return {
    organization: access.organization,
    createTask: (...request) => createTask(access, ...request),
    listTasks: () => listTasks(access),
    readTask: (id) => readTask(access, id),
    readEvents: (id) => readEvents(access, id),
    followEvents: (...following) => followEvents(access, ...following),
    confirm: (...confirmation) => confirm(access, ...confirmation),
    cancelTask: (id) => cancelTask(access, id),
    consoleUrl: (id) => consoleUrl(access, id),
  };
}
