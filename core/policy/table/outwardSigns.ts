import { CLEAR, PUBLIC, RARE, STARTS } from './patterns';
import type { Sign } from './sign';

const CURL = String.raw`\b(?:curl|wget)\s`;

/** Connections to machines that an intruder has, and requests that only an intruder makes by hand. */
export const OUTWARD_SIGNS: readonly Sign[] = [
  {
    ...RARE,
    name: 'upload_to_address',
    meaning: 'a file that is sent to a machine with an address and no name',
    all: [
      new RegExp(String.raw`${CURL}[^;]{0,400}(?:\/\/|\s)${PUBLIC}(?::\d{1,5})?(?=$|[\/\s"'])`),
      /\s(?:-T|--upload-file|--post-file)[= ]?\S|\s(?:-F|--form|-d|--data(?:-binary|-raw|-urlencode)?)[= ]{0,2}["']?(?:\w{1,32}=)?@/,
    ],
  },
  {
    ...RARE,
    name: 'drop_site',
    meaning: 'a download from a site where anyone can leave a file without a name',
    all: [
      new RegExp(
        String.raw`${CURL}[^;|&]{0,300}\b(?:pastebin\.com\/raw|paste\.ee\/r|rentry\.co\/\S{1,64}\/raw|ix\.io|hastebin\.com\/raw|dpaste\.\w{2,4}|cdn\.discordapp\.com|[\w-]{1,64}\.(?:ngrok(?:-free)?\.(?:app|io|dev)|trycloudflare\.com|serveo\.net|loca\.lt|duckdns\.org)|file\.io|filebin\.net|catbox\.moe)\b`,
      ),
    ],
  },
  {
    ...RARE,
    name: 'connection_of_shell',
    meaning: "a connection to the outside of a shell's own (/dev/tcp)",
    all: [new RegExp(String.raw`[<>]\s{0,2}\/dev\/(?:tcp|udp)\/${PUBLIC}\/\d`)],
  },
  {
    ...RARE,
    name: 'ssh_without_check',
    meaning: 'a login by SSH to a machine with an address and no name, whose key is not checked',
    all: [
      new RegExp(String.raw`${STARTS}(?:ssh|scp|sftp)\s[^;|&]{0,400}(?:\s|@)${PUBLIC}`),
      /StrictHostKeyChecking[= ]no\b|UserKnownHostsFile[= ]\/dev\/null/,
    ],
  },
  {
    ...RARE,
    name: 'rights_explored',
    meaning: 'requests by hand for what may be done in the Kubernetes API, or for another pod to run commands in',
    all: [
      new RegExp(
        String.raw`${CURL}[^;|]{0,400}\/(?:selfsubject(?:rules|access)reviews|clusterrolebindings|pods\/[\w.-]{1,100}\/exec|serviceaccounts\/[\w.-]{1,100}\/token)\b|${STARTS}(?:kubectl|oc)\s[^;|&]{0,100}--token[= ]{1,2}["']?(?:\$\(|\x60|ey[JI])`,
      ),
    ],
  },
  {
    ...CLEAR,
    name: 'known_attacker',
    meaning: "a connection to an address in the cluster's own list of attackers",
    // What goes out for others, or looks at everything, meets such addresses by itself.
    fields: [
      [
        ['proc.name'],
        /^(?!squid|envoy|haproxy|tinyproxy|privoxy|mitm|nginx|traefik|tor$|coredns|unbound|dnsmasq|named|postfix|smtp|exim|sendmail|master|chrome|chromium|firefox|falco|zeek|suricata)./,
      ],
      [['fd.name'], new RegExp(String.raw`->${PUBLIC}:\d`)],
    ],
    personFor: RARE.personFor,
    rules: ['Outbound Connection to C2 Servers'],
  },
];
