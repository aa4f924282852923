import type { Conditions } from './conditions';

/**
 * What in a text of an alert shows an attack. Code in a pod can write such texts, so that a sign can only make an answer
 * stronger. Its patterns look at bounded stretches: their time grows with the text's length alone.
 */
export interface Sign {
  name: string;
  /** What it means, as the end of a sentence: "The alert's text shows ...". */
  meaning: string;
  /** Whether command lines are searched, one by one, or the program's name alone. */
  of: 'command' | 'program';
  /** Every one occurs. */
  all: readonly RegExp[];
  raisesTo: 'quarantine_pod' | 'escalate';
  /** Only for this rule. */
  rule?: string;
  /** Only for pods whose facts meet this. */
  when?: Conditions;
  /** Pods whose facts meet this are raised to a person only: they do so by design, and no NetworkPolicy holds them. */
  personFor?: Conditions;
  /** Whether it shows nothing in a command that the specification declares: its author did not break in. */
  usualIfDeclared?: true;
}

const SHELL = String.raw`(?:\/\S{0,64}\/)?(?:ba|da|a|z|k)?sh\b`;
const INTERPRETER = String.raw`(?:sudo\s+)?(?:${SHELL}|(?:\/\S{0,64}\/)?(?:python[\d.]*|perl|php|ruby|node)\b)`;
const SENDER = /\b(?:curl|wget|nc|ncat|netcat|openssl|socat|perl|python[\d.]*)\b/;
const CONTACT = 'Contact K8S API Server From Container';

export const SIGNS: readonly Sign[] = [
  {
    name: 'download_to_shell',
    meaning: 'a download that goes straight to a shell or an interpreter',
    of: 'command',
    all: [
      new RegExp(
        String.raw`\b(?:curl|wget|nc|ncat|telnet)\b[^|;&]{0,500}\|\s*${INTERPRETER}|\b(?:ba|da|a|z|k)?sh\b[^|;&]{0,64}(?:<\(|\$\(|\x60)\s*(?:curl|wget)\b`,
      ),
    ],
    raisesTo: 'quarantine_pod',
    usualIfDeclared: true,
  },
  {
    name: 'download_and_run',
    meaning: 'a download that is made executable and run from a temporary folder',
    of: 'command',
    all: [
      /\b(?:curl|wget)\b/,
      /\bchmod\s+(?:-\w+\s+)?(?:[ugoa]{0,4}\+\w{0,3}x|[0-7]{0,2}7[0-7]{2})\b/,
      /(?:^|[;&\s"'])(?:\.\/|\/(?:tmp|var\/tmp|dev\/shm)\/)\S/,
    ],
    raisesTo: 'quarantine_pod',
    usualIfDeclared: true,
  },
  {
    name: 'encoded_to_shell',
    meaning: 'an encoded text that is decoded and run',
    of: 'command',
    all: [
      /\bbase64\s/,
      new RegExp(
        String.raw`\bbase64\s+(?:-d|-D|--decode)\b[^|]{0,300}\|\s*${INTERPRETER}|\b(?:eval|sh\s+-c)\s[^|]{0,300}\|\s*base64\s+(?:-d|--decode)\s*[)\x60]`,
      ),
    ],
    raisesTo: 'quarantine_pod',
  },
  {
    name: 'shell_over_dev_tcp',
    meaning: 'a shell whose streams are a connection to another machine (/dev/tcp)',
    of: 'command',
    all: [
      // A probe may connect to itself, and a script may wait for a port: neither gives its peer a shell.
      /\/dev\/(?:tcp|udp)\/(?!127\.|localhost\b|::1|0\.0\.0\.0)/,
      /\b(?:ba|da|a|z|k)?sh\s+-[a-z]{0,4}i\b|\b0\s?[<>]&\s?\d|\b(?:ba|da|a|z|k)?sh\s*<&\s?\d|\bwhile\s+read\b/,
    ],
    raisesTo: 'quarantine_pod',
  },
  {
    name: 'netcat_with_shell',
    meaning: 'netcat with a shell for its peer',
    of: 'command',
    all: [
      new RegExp(
        String.raw`\b(?:nc|ncat|netcat)(?:\.(?:traditional|openbsd))?\s(?:[^|;&]{0,300}\s)?(?:-[a-z]{0,6}[ec]|--exec|--sh-exec)[\s=]{0,4}["']?${SHELL}`,
      ),
    ],
    raisesTo: 'quarantine_pod',
  },
  {
    name: 'shell_over_pipe',
    meaning: 'a shell joined with a connection by a named pipe',
    of: 'command',
    all: [
      /\bmkfifo\b|\bmknod\s/,
      /\b(?:nc|ncat|netcat|telnet)\b|\bopenssl\s+s_client\b/,
      new RegExp(String.raw`\|\s*${SHELL}|\bsh\s+-i\b`),
    ],
    raisesTo: 'quarantine_pod',
  },
  {
    name: 'shell_by_interpreter',
    meaning: 'a script that joins a socket with a shell',
    of: 'command',
    all: [
      /\b(?:python[\d.]*|perl|ruby|php\d*|lua|node)\b[^|;&]{0,64}\s-(?:\w?[cer]\b|rsocket\b|MIO\b)/,
      /socket|fsockopen|net\.(?:connect|createConnection)/i,
      /\/bin\/(?:ba|da|z|a)?sh|\bpty\.spawn|\bdup2\b|\bsh\s+-i\b|child_process|\bexec\(["'\x60]?(?:ba)?sh/,
    ],
    raisesTo: 'quarantine_pod',
  },
  {
    name: 'socat_with_shell',
    meaning: 'socat with a program for its peer',
    of: 'command',
    all: [
      /\bsocat\b/,
      new RegExp(String.raw`\b(?:exec|system):["']?${SHELL}`, 'i'),
      /\b(?:tcp|tcp4|tcp6|udp|openssl|ssl)(?:-connect|-listen)?:/i,
    ],
    raisesTo: 'quarantine_pod',
  },
  {
    name: 'miner',
    meaning: "a miner's arguments",
    of: 'command',
    all: [
      /stratum2?\+(?:tcp|ssl|tls|udp)[a-z0-9]{0,2}:\/\/|--donate-level\b|(?:^|\/)(?:xmrig|xmr-stak|minerd|cpuminer|ccminer|t-rex|nbminer)(?:$|\s)|\b(?:supportxmr|minexmr|nanopool|moneroocean|hashvault|2miners|nicehash|f2pool|ethermine)\.(?:com|org|pro|stream|io)\b|--(?:coin|algo)[= ](?:monero|xmr|rx\/|randomx|cn\/)/i,
    ],
    raisesTo: 'quarantine_pod',
  },
  {
    name: 'cloud_credentials',
    meaning: "a request for its node's credentials in the cloud",
    of: 'command',
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
    of: 'command',
    all: [/\bserviceaccount\/token\b/, SENDER],
    raisesTo: 'quarantine_pod',
    usualIfDeclared: true,
  },
  {
    name: 'kubelet_or_etcd',
    meaning: "an access to a node's kubelet or to etcd, past the Kubernetes API",
    of: 'command',
    all: [
      /:10250\/(?:run|exec|attach|portForward|pods|runningpods)\b|\bkubeletctl\b|:10255\/pods\b|\betcdctl\b[^;|&]{0,300}\sget\s[^;|&]{0,200}(?:--prefix|\/registry)/,
    ],
    raisesTo: 'quarantine_pod',
  },
  {
    name: 'container_runtime',
    meaning: "an access to its node's container runtime",
    of: 'command',
    all: [
      /(?:docker|containerd|crio)\.sock\b|\b(?:docker|nerdctl|podman)\b/,
      /\b(?:curl|socat|nc|wget)\b[^|;]{0,300}\.sock\b|\s(?:-v|--volume)[= ]\/:/,
    ],
    raisesTo: 'quarantine_pod',
    personFor: { nodeAccess: true },
  },
  {
    name: 'way_to_the_node',
    meaning: 'a change into its node',
    of: 'command',
    all: [
      /\bnsenter\b[^|;]{0,200}\s(?:-t|--target)[= ]?1\b|\bnsenter\b[^|;]{0,200}\/proc\/1\/ns\/|\bchroot\s+\/(?:host|hostfs|rootfs|mnt|proc\/1\/root)\b|>\s*\/\S{0,200}(?:release_agent|core_pattern)\b/,
    ],
    raisesTo: 'quarantine_pod',
    personFor: { nodeAccess: true },
  },
  {
    name: 'foothold',
    meaning: 'a way to come back: a login key, a cron job or a library that every program loads',
    of: 'command',
    all: [
      /(?:>{1,2}|\btee\b(?:\s+-a)?)\s*["']?\/?[\w./~$-]{0,200}(?:authorized_keys|ld\.so\.preload|etc\/cron[\w.]{0,16}|spool\/cron)\b|\|\s*crontab\s+-(?:\s|$|["'])/,
    ],
    raisesTo: 'quarantine_pod',
  },
  {
    name: 'client_by_hand',
    meaning: 'a shell, a general tool or a client for people, and not a program that was written for these rights',
    of: 'program',
    all: [/^(?:sh|ash|bash|dash|ksh|zsh|curl|wget|nc|ncat|netcat|socat|openssl|telnet|busybox|kubectl|oc|helm)$/],
    raisesTo: 'escalate',
    rule: CONTACT,
    when: { rights: ['own', 'powerful'], runsOnce: false },
  },
];
