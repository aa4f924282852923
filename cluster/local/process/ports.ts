/** Every port of the stack, all on loopback. n8n, Prometheus and Pushgateway are where users of the cluster find them too. */
export const HOST = '127.0.0.1';

export const PORTS = {
  /** The gate, by which everybody comes to n8n. */
  n8n: 30008,
  n8nBehindGate: 30678,
  n8nTaskBroker: 30679,
  /** In queue mode: the ports after these, one for each webhook processor or worker. */
  n8nWebhooks: 30680,
  n8nWorkers: 30700,
  n8nWorkerTaskBrokers: 30720,
  postgresql: 30432,
  redis: 30637,
  prometheus: 30900,
  pushgateway: 30123,
  loki: 30100,
  lokiGrpc: 30095,
  kubeApiserver: 30443,
  kubeControllerManager: 30257,
  kubeScheduler: 30259,
  etcd: 30379,
  etcdPeer: 30380,
  etcdHealth: 30381,
  kwok: 30247,
  pagerDuty: 30201,
  neo: 30202,
  egress: 30203,
} as const;

export const URLS = {
  n8n: `http://${HOST}:${PORTS.n8n}`,
  n8nBehindGate: `http://${HOST}:${PORTS.n8nBehindGate}`,
  prometheus: `http://${HOST}:${PORTS.prometheus}`,
  pushgateway: `http://${HOST}:${PORTS.pushgateway}`,
  loki: `http://${HOST}:${PORTS.loki}`,
  kubernetes: `https://${HOST}:${PORTS.kubeApiserver}`,
  controllerManager: `https://${HOST}:${PORTS.kubeControllerManager}`,
  scheduler: `https://${HOST}:${PORTS.kubeScheduler}`,
  etcd: `https://${HOST}:${PORTS.etcd}`,
  etcdHealth: `http://${HOST}:${PORTS.etcdHealth}`,
  kwok: `http://${HOST}:${PORTS.kwok}`,
  pagerDuty: `http://${HOST}:${PORTS.pagerDuty}`,
  neo: `http://${HOST}:${PORTS.neo}`,
  egress: `http://${HOST}:${PORTS.egress}`,
} as const;
