import { mock } from 'node:test';
import * as pulumi from '@pulumi/pulumi';
import { MockMonitor } from '@pulumi/pulumi/runtime/mocks';
import { type Outputs, workshop } from '../../program';
import { answered, call, FOUND, resource } from './answers';
import { settings, STACK } from './configuration';

/** A resource as the program declares it to the engine. */
export interface Declared {
  type: string;
  name: string;
  /** As it goes over the wire: secrets are wrapped where they are, and nowhere else. */
  inputs: Record<string, unknown>;
  dependencies: string[];
  urn: string;
}

export interface Deployment {
  outputs: Outputs;
  resources: Declared[];
}

interface Request {
  getType: () => string;
  getName: () => string;
  getParent: () => string;
  getObject: () => { toJavaScript: () => Record<string, unknown> } | undefined;
  getDependenciesList: () => string[];
  getAdditionalsecretoutputsList: () => string[];
}

type Register = (request: Request, callback: (error: unknown, response: unknown) => void) => Promise<void>;

// There is no engine that would show it.
mock.method(pulumi.log, 'warn', () => Promise.resolve());

let declared: Declared[] = [];
let secretOutputs = new Map<string, string[]>();

// Pulumi's mocks see inputs with their secrets already merged into what holds them, and no dependencies.
const monitor = MockMonitor.prototype as unknown as { registerResource: Register };
const { registerResource } = monitor;
monitor.registerResource = async function (this: unknown, request, callback) {
  const [type, name] = [request.getType(), request.getName()];
  secretOutputs.set(`${type} ${name}`, request.getAdditionalsecretoutputsList());
  declared.push({
    type,
    name,
    inputs: request.getObject()?.toJavaScript() ?? {},
    dependencies: request.getDependenciesList(),
    urn: `urn:pulumi:${STACK.stack}::${STACK.project}::${type}::${name}`,
  });
  await registerResource.call(this, request, callback);
};

/** As the engine does with outputs that a resource declares to be secret. */
function withSecrets(type: string, name: string, state: Record<string, unknown>): Record<string, unknown> {
  const keys = secretOutputs.get(`${type} ${name}`) ?? [];
  return Object.fromEntries(
    Object.entries(state).map(([key, value]) => [key, keys.includes(key) ? pulumi.secret(value) : value]),
  );
}

const known = new Map<string, Promise<Deployment>>();
let last: Promise<unknown> = Promise.resolve();

/** The same configuration gives the same deployment: it is declared once, and one at a time. */
export function deploy(changes: Record<string, string | undefined> = {}): Promise<Deployment> {
  const key = JSON.stringify(changes);
  const deployment = known.get(key) ?? last.then(() => deployAnew(changes));
  known.set(key, deployment);
  last = deployment.catch(() => undefined);
  return deployment;
}

/**
 * Runs the program without an engine or a provider.
 * @param changes to the configuration
 * @param answers of providers to questions, instead of the usual ones
 */
export async function deployAnew(
  changes: Record<string, string | undefined> = {},
  answers: Partial<typeof FOUND> = {},
): Promise<Deployment> {
  declared = [];
  secretOutputs = new Map();
  const others = answers as typeof FOUND;
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        const { id, state } = resource(args);
        return { id, state: withSecrets(args.type, args.name, state) };
      },
      call: (args) => call(args, others),
    },
    STACK.project,
    STACK.stack,
    false,
    STACK.organization,
  );
  const fetched = mock.method(globalThis, 'fetch', (url: string) =>
    Promise.resolve().then(() => answered(url, others)),
  );
  const outputs = await workshop(settings(changes)).finally(() => {
    fetched.mock.restore();
  });
  await pulumi.runtime.disconnect();
  return { outputs, resources: declared.filter(({ type }) => type !== 'pulumi:pulumi:Stack') };
}
