import * as digitalocean from '@pulumi/digitalocean';
import * as kubernetes from '@pulumi/kubernetes';
import type { Resource } from '@pulumi/pulumi';
import type { Install } from '../kubernetes/install';
import { hashOf } from '../kubernetes/hash';
import type { Settings } from '../settings/settings';
import { WEBHOOK_PATH } from './address';
import { gatePolicy, HTTP, HTTPS, LABELS, NAME, n8nPolicy } from './webhookGatePolicies';

const IMAGE = 'docker.io/library/caddy:2.10.2';

/**
 * The one way from the internet into the cluster: POST of JSON to the webhook's path, over TLS, and 404 for all else. n8n's
 * editor stays inside. Caddy gets and renews the certificate by itself. It bounds a request's size and time; how many
 * connections there may be, and what they hold in memory, is bounded by the gate in n8n's pod behind it.
 */
export function webhookGate(
  install: Install,
  { hostname, domain }: Settings['address'],
  email: string,
  n8n: Resource,
): void {
  const namespace = install.namespace(NAME);
  const metadata = { name: NAME, namespace: namespace.metadata.name, labels: LABELS };
  const options = { ...install.options, dependsOn: [namespace, n8n] };
  const caddyfile = caddyfileFor(hostname, email);
  new kubernetes.core.v1.ConfigMap(NAME, { metadata, data: { Caddyfile: caddyfile } }, options);
  new kubernetes.core.v1.PersistentVolumeClaim(
    NAME,
    { metadata, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
    options,
  );
  new kubernetes.networking.v1.NetworkPolicy(NAME, { metadata, spec: gatePolicy }, options);
  new kubernetes.networking.v1.NetworkPolicy(`n8n-from-${NAME}`, n8nPolicy, options);
  new kubernetes.apps.v1.Deployment(NAME, { metadata, spec: deployment(hashOf(caddyfile)) }, options);
  const service = new kubernetes.core.v1.Service(
    NAME,
    {
      metadata: { ...metadata, annotations: { 'service.beta.kubernetes.io/do-loadbalancer-protocol': 'tcp' } },
      spec: {
        type: 'LoadBalancer',
        selector: LABELS,
        ports: [
          { name: 'http', port: 80, targetPort: HTTP },
          { name: 'https', port: 443, targetPort: HTTPS },
        ],
      },
    },
    options,
  );
  new digitalocean.DnsRecord(NAME, {
    domain,
    type: 'A',
    name: hostname.slice(0, -domain.length - 1),
    value: service.status.loadBalancer.ingress.apply(([first]) => first?.ip ?? ''),
    ttl: 60,
  });
}

const caddyfileFor = (hostname: string, email: string): string => `{
	admin off
	email ${email}
	http_port ${HTTP}
	https_port ${HTTPS}
	servers {
		timeouts {
			read_header 5s
			read_body 10s
			write 30s
			idle 30s
		}
		max_header_size 16KB
	}
}

${hostname} {
	@webhook {
		method POST
		path ${WEBHOOK_PATH}
		header Content-Type application/json*
	}
	handle @webhook {
		request_body {
			max_size 1MB
		}
		reverse_proxy n8n.n8n.svc.cluster.local:5678
	}
	handle {
		respond 404
	}
}
`;

const deployment = (configuration: string): kubernetes.types.input.apps.v1.DeploymentSpec => ({
  replicas: 1,
  strategy: { type: 'Recreate' }, // the volume with the certificate has one writer
  selector: { matchLabels: LABELS },
  template: {
    metadata: { labels: LABELS, annotations: { 'incident-pipeline.internal/configuration': configuration } },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65534,
        runAsGroup: 65534,
        fsGroup: 65534,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [container],
      volumes: [
        { name: 'configuration', configMap: { name: NAME } },
        { name: 'data', persistentVolumeClaim: { claimName: NAME } },
        { name: 'config', emptyDir: { sizeLimit: '16Mi' } },
      ],
    },
  },
});

const container: kubernetes.types.input.core.v1.Container = {
  name: 'caddy',
  image: IMAGE,
  ports: [
    { name: 'http', containerPort: HTTP },
    { name: 'https', containerPort: HTTPS },
  ],
  // So that it frees memory before the limit below ends it.
  env: [{ name: 'GOMEMLIMIT', value: '100MiB' }],
  readinessProbe: { tcpSocket: { port: 'https' }, periodSeconds: 5 },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    // The image's program is marked to have this one; where it cannot have it, the kernel does not start it.
    capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
  },
  resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
  volumeMounts: [
    { name: 'configuration', mountPath: '/etc/caddy', readOnly: true },
    { name: 'data', mountPath: '/data' }, // certificates: an authority gives few of them in a week
    { name: 'config', mountPath: '/config' },
  ],
};
