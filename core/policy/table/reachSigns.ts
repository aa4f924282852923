import { SEARCHERS } from './patterns';
import type { Sign } from './sign';

const SENDER = /\b(?:curl|wget|nc|ncat|netcat|openssl|socat|perl|python[\d.]*)\b/;
const CONTACT = 'Contact K8S API Server From Container';

/** What an attacker reaches for: money, credentials, the node, a way back. */
export const REACH_SIGNS: readonly Sign[] = [
  {
    name: 'miner',
    meaning: "a miner's arguments",
    all: [
      /stratum2?\+(?:tcp|ssl|tls|udp)[a-z0-9]{0,2}:\/\/|--donate-level\b|(?:^|\/)(?:xmrig|xmr-stak|minerd|cpuminer|ccminer|t-rex|nbminer)(?:$|\s)|\b(?:supportxmr|minexmr|nanopool|moneroocean|hashvault|2miners|nicehash|f2pool|ethermine)\.(?:com|org|pro|stream|io)\b|--(?:coin|algo)[= ](?:monero|xmr|rx\/|randomx|cn\/)/i,
    ],
    unless: SEARCHERS,
    usualIfDeclared: true,
    raisesTo: 'quarantine_pod',
  },
  {
    name: 'cloud_credentials',
    meaning: "a request for its node's credentials in the cloud",
    all: [
      /169\.254\.(?:169\.254|170\.2)\b|\bmetadata\.google\.internal\b|fd00:ec2::254/i,
      /iam\/security-credentials|\/v2\/credentials|identity\/oauth2\/token|service-accounts\/\S{0,200}(?:token|identity)|identity-credentials/i,
    ],
    raisesTo: 'quarantine_pod',
    usualIfDeclared: true,
  },
  {
    name: 'service_account_token',
    meaning: "the ServiceAccount's token in the hands of a tool that sends it",
    all: [/\bserviceaccount\/token\b/, SENDER],
    raisesTo: 'quarantine_pod',
    usualIfDeclared: true,
  },
  {
    name: 'kubelet_or_etcd',
    meaning: "an access to a node's kubelet or to etcd, past the Kubernetes API",
    all: [
      /:10250\/(?:run|exec|attach|portForward|pods|runningpods)\b|\bkubeletctl\b|:10255\/pods\b|\betcdctl\b[^;|&]{0,300}\sget\s[^;|&]{0,200}(?:--prefix|\/registry)/,
    ],
    raisesTo: 'quarantine_pod',
  },
  {
    name: 'container_runtime',
    meaning: "an access to its node's container runtime",
    all: [
      /(?:docker|containerd|crio)\.sock\b|\b(?:docker|nerdctl|podman)\b/,
      /\b(?:curl|socat|nc|wget)\b[^|;]{0,300}\.sock\b|\s(?:-v|--volume)[= ]\/:/,
    ],
    raisesTo: 'quarantine_pod',
    personFor: [{ nodeAccess: true }],
  },
  {
    name: 'way_to_the_node',
    meaning: 'a change into its node',
    all: [
      /\bnsenter\b[^|;]{0,200}\s(?:-t|--target)[= ]?1\b|\bnsenter\b[^|;]{0,200}\/proc\/1\/ns\/|\bchroot\s+\/(?:host|hostfs|rootfs|mnt|proc\/1\/root)\b|>\s*\/\S{0,200}(?:release_agent|core_pattern)\b/,
    ],
    raisesTo: 'quarantine_pod',
    personFor: [{ nodeAccess: true }],
  },
  {
    name: 'foothold',
    meaning: 'a way to come back: a login key, a cron job or a library that every program loads',
    all: [
      /(?:>{1,2}|\btee\b(?:\s+-a)?)\s*["']?\/?[\w./~$-]{0,200}(?:authorized_keys|ld\.so\.preload|etc\/cron[\w.]{0,16}|spool\/cron)\b|\|\s*crontab\s+-(?:\s|$|["'])/,
    ],
    raisesTo: 'quarantine_pod',
  },
  {
    name: 'client_by_hand',
    meaning: 'a shell, a general tool or a client for people, and not a program that was written for these rights',
    fields: [
      [
        ['proc.name'],
        /^(?:sh|ash|bash|dash|ksh|zsh|curl|wget|nc|ncat|netcat|socat|openssl|telnet|busybox|kubectl|oc|helm)$/,
      ],
    ],
    usualIfDeclared: true,
    raisesTo: 'escalate',
    rules: [CONTACT],
    when: { rights: ['own', 'powerful'], runsOnce: false },
  },
];
