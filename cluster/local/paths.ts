import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export const CHECKOUT = resolve(import.meta.dirname, '..', '..');
export const LOCAL = import.meta.dirname;

/** Results that are expensive to build and the same for every checkout: built servers, n8n's installation. */
export const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'n8n-nodes-incident-pipeline');

/** Where `npm run build` puts the nodes. */
export const BUILT = join(CHECKOUT, 'dist');

/** The files of this checkout's stack: data, logs, secrets. Only its owner may read them. */
export const STATE = join(CHECKOUT, '.local');
export const LOGS = join(STATE, 'logs');
export const logOf = (component: string): string => join(LOGS, `${component}.log`);
export const AUDIT_LOG = join(LOGS, 'audit.log');

export const statePath = (...parts: string[]): string => join(STATE, ...parts);
export const kubernetesPath = (...parts: string[]): string => statePath('kubernetes', ...parts);
export const configPath = (name: string): string => join(LOCAL, 'config', name);
export const manifestsPath = (name: string): string => join(CHECKOUT, 'manifests', name);

/** Where n8n keeps its data, and our package once it is installed. */
export const USER_FOLDER = statePath('n8n');
/** Where n8n looks for packages of nodes under a user folder. */
export const nodesFolder = (userFolder: string): string => join(userFolder, '.n8n', 'nodes');
/** Its temporary files: forms that are sent, while they are read. */
export const N8N_TEMPORARY = statePath('tmp');
export const INSTALLED_PACKAGE = join(nodesFolder(USER_FOLDER), 'node_modules', 'n8n-nodes-incident-pipeline');

/** The cluster's administrator. */
export const KUBECONFIG = kubernetesPath('admin.kubeconfig');
