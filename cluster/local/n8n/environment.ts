import { dirname } from 'node:path';
import { N8N_TEMPORARY, USER_FOLDER } from '../paths.js';
import { HOST, PORTS, URLS } from '../process/ports.js';
import { OWNER_EMAIL, type Secrets } from '../secrets.js';

// Only these pass from the caller's environment to n8n: what a model's endpoint behind a company's proxy needs.
const PASSED_ON = ['HTTP_PROXY', 'HTTPS_PROXY', 'NODE_EXTRA_CA_CERTS'];

/** A way out of n8n, instead of the caller's: a proxy, and a file with the authority of the certificates behind it. */
export interface Egress {
  proxy: string;
  authority: string;
}

/** The environment of n8n and of its import commands. It holds secrets. */
export function n8nEnvironment(
  secrets: Pick<Secrets, 'passwordHash' | 'encryptionKey'>,
  outer: Record<string, string | undefined>,
  egress?: Egress,
): Record<string, string> {
  const passedOn = Object.fromEntries(PASSED_ON.flatMap((name) => (outer[name] ? [[name, outer[name]]] : [])));
  return {
    ...passedOn,
    ...(egress === undefined
      ? {}
      : { HTTP_PROXY: egress.proxy, HTTPS_PROXY: egress.proxy, NODE_EXTRA_CA_CERTS: egress.authority }),
    NO_PROXY: [HOST, 'localhost', outer.NO_PROXY].filter(Boolean).join(','),
    // Its task runner is started by the name `node`, and must be the same Node.
    PATH: [dirname(process.execPath), outer.PATH].filter(Boolean).join(':'),
    HOME: outer.HOME ?? USER_FOLDER,
    // Without it n8n shows stack traces to any client that posts a body that is not JSON.
    NODE_ENV: 'production',

    N8N_USER_FOLDER: USER_FOLDER,
    TMPDIR: N8N_TEMPORARY,
    N8N_LISTEN_ADDRESS: HOST,
    N8N_HOST: HOST,
    N8N_PORT: String(PORTS.n8nBehindGate),
    N8N_PROTOCOL: 'http',
    N8N_WEBHOOK_URL: `${URLS.n8n}/`,
    N8N_PROXY_HOPS: '1', // the gate
    // In MB, for each file of a form. Our forms accept no files; n8n writes them to disk before it authenticates the sender.
    N8N_FORMDATA_FILE_SIZE_MAX: '1',
    N8N_RUNNERS_BROKER_PORT: String(PORTS.n8nTaskBroker),
    N8N_RUNNERS_TASK_TIMEOUT: '60',
    N8N_PYTHON_ENABLED: 'false',
    N8N_SECURE_COOKIE: 'false', // the editor is on plain http, on loopback
    N8N_ENCRYPTION_KEY: secrets.encryptionKey,

    N8N_INSTANCE_OWNER_MANAGED_BY_ENV: 'true',
    N8N_INSTANCE_OWNER_EMAIL: OWNER_EMAIL,
    N8N_INSTANCE_OWNER_PASSWORD_HASH: secrets.passwordHash,

    // An isolate is created when an expression needs one, instead of for every execution: several times cheaper.
    // The benchmark compares it with n8n's own default.
    N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: outer.N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE ?? 'true',

    // A workflow published by the command line is only noticed at the next comparison; n8n's default is ten seconds.
    N8N_WORKFLOW_PUBLICATION_RECONCILE_INTERVAL_SECONDS: '1',

    // The nodes come from a tarball; nothing is looked up in n8n's catalogue.
    N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
    N8N_VERIFIED_PACKAGES_ENABLED: 'false',

    // The rest disables n8n's telemetry: a security tool should contact only configured services.
    N8N_DIAGNOSTICS_ENABLED: 'false',
    N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
    N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
    N8N_TEMPLATES_ENABLED: 'false',
    N8N_PERSONALIZATION_ENABLED: 'false',
    N8N_HIRING_BANNER_ENABLED: 'false',
    N8N_DYNAMIC_BANNERS_ENABLED: 'false',
    N8N_PUBLIC_API_SWAGGERUI_DISABLED: 'true',
    N8N_DISABLED_MODULES:
      'insights,mcp,mcp-registry,instance-ai,chat-hub,agents,agent-evals,quick-connect,breaking-changes,workflow-builder',
  };
}
