import { z } from 'zod/v4';
import { Refusal } from '../http/answer.js';
import { adminBody, problems } from '../http/json.js';
import type { Route } from '../http/router.js';
import { serve, type Service } from '../http/service.js';
import { errorForm } from './errors.js';
import { routes, UNKNOWN } from './routes.js';
import { script, type ScriptSettings } from './script.js';
import { type NeoSettings, settings as settingsSchema } from './settings.js';
import { stateOf, type TaskState } from './state.js';
import { Tasks } from './tasks.js';

export interface NeoOptions {
  port?: number;
  settings?: NeoSettings;
  /** Between the events of a task. */
  stepMilliseconds?: number;
  log?: (line: string) => void;
}

export interface Neo extends Pick<Service, 'url' | 'requests' | 'faults' | 'close'> {
  state: () => TaskState[];
  configure: (settings: NeoSettings) => void;
  /** What tasks to come do. */
  follow: (script: ScriptSettings) => void;
}

const STEP_MILLISECONDS = 50;

/** Pulumi Neo: the agent tasks API, with tasks that follow a script. */
export async function startNeo(options: NeoOptions = {}): Promise<Neo> {
  const { stepMilliseconds = STEP_MILLISECONDS, log } = options;
  const tasks = new Tasks(settingsSchema.parse(options.settings ?? {}), { stepMilliseconds, log });
  const service = await serve({
    name: 'neo',
    port: options.port,
    routes: routes(tasks),
    admin: adminRoutes(tasks),
    unknown: () => UNKNOWN,
    errorForm,
    reset: () => {
      tasks.clear();
    },
    log,
  });
  return {
    ...service,
    state: () => stateOf(tasks.all()),
    configure: (settings) => {
      configure(tasks, settings);
    },
    follow: (next) => {
      tasks.scripts.follow(next);
    },
    close: async () => {
      tasks.clear();
      await service.close();
    },
  };
}

/** Beside what every simulator has. */
function adminRoutes(tasks: Tasks): Route[] {
  return [
    { method: 'GET', path: '/_simulator/state', answer: () => ({ status: 200, body: stateOf(tasks.all()) }) },
    { method: 'GET', path: '/_simulator/configuration', answer: () => ({ status: 200, body: tasks.settings }) },
    {
      method: 'PUT',
      path: '/_simulator/configuration',
      answer: (asked) => {
        configure(tasks, adminBody(asked, z.looseObject({})));
        return { status: 200, body: tasks.settings };
      },
    },
    {
      method: 'PUT',
      path: '/_simulator/script',
      answer: (asked) => {
        tasks.scripts.follow(adminBody(asked, script));
        return { status: 204 };
      },
    },
  ];
}

/**
 * What is given takes the place of what was there, a list as a whole; what is left out stays.
 * @throws Refusal when the settings would not be of their form
 */
function configure({ settings }: Tasks, given: object): void {
  const { success, data, error } = settingsSchema.safeParse({ ...settings, ...given });
  if (!success) throw new Refusal({ status: 400, body: { error: problems(error) } });
  Object.assign(settings, data);
}
