import { CLEAR, RARE, STARTS } from './patterns';
import type { Sign } from './sign';

const SENDER = String.raw`(?:curl|wget|nc|ncat|netcat|socat|openssl)`;

/** What is sent out. */
export const THEFT_SIGNS: readonly Sign[] = [
  {
    ...CLEAR,
    name: 'secret_sent',
    meaning: 'a file with account data, keys or credentials, in the hands of a tool that sends it',
    all: [
      new RegExp(String.raw`\b${SENDER}\s`),
      /(?:@|--post-file[= ]|--upload-file[= ]|\s-T\s{0,4}|<\s{0,4}|\bcat\s{1,4})"?(?:\/etc\/(?:passwd|g?shadow)|\/proc\/(?:self|\d{1,8})\/environ|~?\/?[\w./-]{0,100}(?:\/\.ssh\/id_\w|\.aws\/credentials|\.kube\/config|\.docker\/config\.json|\/\.env|\.git-credentials|\.pgpass|\/secrets\/kubernetes\.io\/))/,
    ],
  },
  {
    ...CLEAR,
    name: 'environment_sent',
    meaning: 'an environment, which often has credentials, that is sent to another machine',
    all: [new RegExp(String.raw`${STARTS}(?:env|printenv)\s{0,4}\|[^;]{0,200}\b${SENDER}\s`)],
  },
  {
    ...CLEAR,
    name: 'folder_sent',
    meaning: 'a packed folder that goes straight to another machine',
    all: [
      new RegExp(
        String.raw`${STARTS}(?:tar|zip|cpio|mysqldump|pg_dump(?:all)?|mongodump)\s[^|;]{0,300}\|[^;]{0,100}\b(?:nc|ncat|netcat|socat|openssl\s{1,4}s_client|curl\s[^;]{0,200}(?:-T|--upload-file|--data-binary|-d|-F)\b)`,
      ),
    ],
  },
  {
    ...RARE,
    name: 'anonymous_upload',
    meaning: 'an address with which intruders collect what they find',
    all: [
      /\b(?:curl|wget|nc|ncat|netcat|ping|nslookup|dig|host|python[\d.]*|perl|php\d*|node|ruby)\b/,
      /\b(?:oast\.(?:fun|pro|live|me|site|online)|interact\.sh|burpcollaborator\.net|oastify\.com|dnslog\.cn|ceye\.io|webhook\.site|requestbin\.\w{2,8}|pipedream\.net|termbin\.com|transfer\.sh|bashupload\.com|0x0\.st|temp\.sh|gofile\.io|anonfiles?\.\w{2,4})\b/,
    ],
  },
  {
    ...CLEAR,
    name: 'hidden_network',
    meaning: 'an address in the Tor network',
    all: [/\b[a-z2-7]{16,56}\.onion\b|\.(?:tor2web\.\w{2,4}|onion\.(?:ws|ly|to|pet|sh))\b|\btorsocks\s/],
  },
];
