import type { Sign } from './sign';

const SHELL = String.raw`(?:\/\S{0,64}\/)?(?:ba|da|a|z|k)?sh\b`;
const BEFORE = String.raw`(?:(?:sudo|env|exec|nohup|setsid|busybox|xargs(?:\s{1,4}-\S{1,8})?)\s{1,4}){0,3}`;
const INTERPRETER = String.raw`${BEFORE}(?:${SHELL}|(?:\/\S{0,64}\/)?(?:python[\d.]*|perl|php|ruby|node)\b)`;
/** Of a command that may go through others, which decode or unpack what it gives: not one that follows it. */
const PIPED = String.raw`(?:[^;&]|&(?!&)){0,500}`;

/** Shells, and code, that come from outside. */
export const SHELL_SIGNS: readonly Sign[] = [
  {
    name: 'download_to_shell',
    meaning: 'a download that goes straight to a shell or an interpreter',
    all: [
      new RegExp(
        String.raw`\b(?:curl|wget|nc|ncat|telnet|aria2c|lwp-request)\b${PIPED}\|\s*${INTERPRETER}|(?:\b(?:(?:ba|da|a|z|k)?sh|eval|source|python[\d.]*|perl)\b[^|;&]{0,64}|(?:^|[;&\s])\.\s{1,4})(?:<\(|\$\(|\x60)\s*(?:curl|wget)\b`,
      ),
    ],
    raisesTo: 'quarantine_pod',
    usualIfDeclared: true,
  },
  {
    name: 'download_and_run',
    meaning: 'a download that is made executable and run from a temporary folder',
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
    all: [
      /\bbase64\s/,
      new RegExp(
        String.raw`\bbase64\s+(?:-d|-D|-di|--decode)\b[^;&]{0,300}\|\s*${INTERPRETER}|\b(?:eval|sh\s+-c)\s[^|]{0,300}\|\s*base64\s+(?:-d|-di|--decode)\s*[)\x60]|\b(?:ba|da|a|z|k)?sh\b[^|;&]{0,64}(?:<\(|\$\(|\x60)\s*base64\s`,
      ),
    ],
    raisesTo: 'quarantine_pod',
  },
  {
    name: 'shell_over_dev_tcp',
    meaning: 'a shell whose streams are a connection to another machine (/dev/tcp)',
    all: [
      // A probe may connect to itself, and a script may wait for a port: neither gives its peer a shell.
      /\/dev\/(?:tcp|udp)\/(?!127\.|localhost\b|::1|0\.0\.0\.0)/,
      /\b(?:ba|da|a|z|k)?sh\s+-[a-z]{0,4}i\b|\b0\s?[<>]&\s?\d|\b(?:ba|da|a|z|k)?sh\s*<&\s?\d|<&\s?\d\s{0,4}\|\s{0,4}(?:ba|da|a|z|k)?sh\b|\bwhile\s+read\b/,
    ],
    raisesTo: 'quarantine_pod',
  },
  {
    name: 'netcat_with_shell',
    meaning: 'netcat with a shell for its peer',
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
    all: [
      /\b(?:python[\d.]*|perl|ruby|php\d*|lua|node)\b[^|;&]{0,64}\s-(?:\w?[cer]\b|rsocket\b|MIO\b)/,
      /socket|fsockopen|net\.(?:connect|createConnection)/i,
      /\/bin\/(?:ba|da|z|a)?sh|\bpty\.spawn|\bdup2\b|\bsh\s+-i\b|child_process|\bpopen\b|os\.execute|subprocess|\bexec\(["'\x60]?(?:ba)?sh/,
    ],
    raisesTo: 'quarantine_pod',
  },
  {
    name: 'socat_with_shell',
    meaning: 'socat with a program for its peer',
    all: [
      /\bsocat\b/,
      new RegExp(String.raw`\b(?:exec|system):["']?${SHELL}`, 'i'),
      /\b(?:tcp|tcp4|tcp6|udp|openssl|ssl)(?:-connect|-listen)?:/i,
    ],
    raisesTo: 'quarantine_pod',
  },
];
