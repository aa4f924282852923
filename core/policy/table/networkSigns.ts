import { CLEAR, INTERPRETERS, PUBLIC, RARE, SHELLS, STARTS, TEMPORARY } from './patterns';
import type { Sign } from './sign';

const REDIRECT = 'Redirect STDOUT/STDIN to Network Connection in Container';
/** The other end of a connection, in Falco's fd.name ("client:port->server:port"). */
const TO_PUBLIC = new RegExp(String.raw`->${PUBLIC}:\d`);

/** Connections, downloads and copies: where they go. */
export const NETWORK_SIGNS: readonly Sign[] = [
  {
    name: 'shell_on_connection',
    meaning: 'a shell whose standard streams are a connection from another machine',
    fields: [
      [['proc.name', 'proc.exepath'], SHELLS],
      [['fd.name'], /->(?!127\.|\[?::1|::ffff:127\.)/],
    ],
    rules: [REDIRECT],
    raisesTo: 'quarantine_pod',
    usualIfDeclared: true,
    containFirst: true,
  },
  {
    name: 'interpreter_on_connection',
    meaning: 'a program that can run any command, and whose standard streams are a connection to the outside',
    fields: [
      [
        ['proc.name', 'proc.exepath'],
        new RegExp(String.raw`${INTERPRETERS.source}|(?:^|\/)(?:nc|ncat|netcat|socat|telnet|openssl|busybox)$`),
      ],
      [['fd.name'], TO_PUBLIC],
    ],
    rules: [REDIRECT],
    raisesTo: 'quarantine_pod',
    usualIfDeclared: true,
    containFirst: true,
  },
  {
    ...RARE,
    name: 'shell_with_connection',
    meaning: 'a shell without a script that has a connection to the outside',
    fields: [
      [['proc.cmdline'], /^(?:ba|da|a|z|k)?sh(?:\s-[a-z]{1,4})?$/],
      [['fd.name'], TO_PUBLIC],
    ],
  },
  {
    ...RARE,
    name: 'chat_by_script',
    meaning: 'a script with a connection to a chat server (IRC), which bots take their orders from',
    fields: [
      [['proc.name', 'proc.exepath'], INTERPRETERS],
      [['fd.name'], new RegExp(String.raw`->${PUBLIC}:(?:666\d|6697)$`)],
    ],
  },
  {
    ...RARE,
    name: 'download_from_address',
    meaning: 'a download from an address without a name',
    all: [
      new RegExp(String.raw`\b(?:curl|wget)\s[^;|&]{0,300}(?:\/\/|\s)${PUBLIC}(?::\d{1,5})?\/\S`),
      /\b(?:curl|wget)\s(?:[^;|&]{0,300}\s)?(?:-[a-zA-Z]{0,6}[oO]|--output\b|--remote-name\b|--output-document\b)|\.(?:sh|py|pl|php|elf|bin|so|tgz|tar\.gz)\b|\$\(hostname\)/,
    ],
  },
  {
    ...CLEAR,
    name: 'code_from_outside',
    meaning: 'a script that runs what it downloads',
    all: [
      new RegExp(String.raw`${STARTS}(?:python[\d.]*|perl|php\d*|ruby|node)\s[^;|&]{0,64}-[a-z]{0,3}[cer]\s`),
      /urlopen|urlretrieve|requests\.get|http\.client|https?\.get|Net::HTTP|LWP::|open-uri|file_get_contents|fetch\(/,
      /\b(?:exec|eval|compile|system|include)\s{0,2}\(/,
    ],
  },
  {
    ...RARE,
    name: 'copy_to_address',
    meaning: 'a copy to another machine that has an address and no name',
    all: [new RegExp(String.raw`${STARTS}(?:scp|rsync|sftp|rclone)\s[^;|]{0,400}(?:\s|:\/\/|@)${PUBLIC}[:\/]`)],
  },
  {
    ...CLEAR,
    name: 'ssh_tunnel',
    meaning: 'a tunnel by SSH that gives another machine a way in',
    all: [
      new RegExp(String.raw`${STARTS}(?:auto)?ssh\s`),
      /\s-[fNnTqgCv46]{0,8}[RD]\s?[\w.*[\]:-]{0,64}\d/,
      new RegExp(String.raw`(?:\s|@)${PUBLIC}|\s-[a-zA-Z]{0,6}[fN][a-zA-Z]{0,6}(?=\s)`),
    ],
  },
  {
    ...CLEAR,
    name: 'ssh_with_found_key',
    meaning: 'a login by SSH with a key from a temporary folder',
    all: [new RegExp(String.raw`${STARTS}(?:ssh|scp|sftp)\s[^;|&]{0,200}-i\s{0,2}${TEMPORARY}`)],
  },
  {
    ...RARE,
    name: 'secrets_from_api',
    meaning: 'a request for all secrets, or for more rights, in the Kubernetes API',
    all: [
      new RegExp(
        String.raw`${STARTS}(?:kubectl|oc)\s(?:[^;|&]{0,100}\s)?(?:get\s{1,4}secrets?\s{1,4}(?:-n\s{0,4}\S{1,64}\s{1,4})?(?:-A\b|--all-namespaces\b|-o\s{0,4}(?:ya?ml|json)\b)|create\s{1,4}clusterrolebinding\b|auth\s{1,4}can-i\s{1,4}--list\b)|${STARTS}(?:curl|wget)\s[^;|]{0,400}\/api\/v1\/(?:namespaces\/[\w-]{1,64}\/)?secrets(?=$|[\s"'?])`,
      ),
    ],
  },
];
