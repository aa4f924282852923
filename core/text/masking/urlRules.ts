import type { PlaceRule } from './placeRule';

const SCHEME = String.raw`(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,31}:\/\/`;
/** After the last "@" of `docker://nginx:1.25@sha256:…` comes a digest, so the text before it is not a password. */
const AT = String.raw`(?=@(?!sha256:))`;

/** Secrets in URLs: passwords, and the secret part of a webhook's address. The host stays. */
export const URLS: readonly PlaceRule[] = [
  {
    kind: 'url password',
    lead: new RegExp(String.raw`${SCHEME}[^\s/?#@:"'<>\\]{0,256}:`, 'gi'),
    value: new RegExp(String.raw`([^\s/?#"'<>\\]{1,512})${AT}`, 'y'),
  },
  {
    // A password that should have been encoded. A number before a slash is a port.
    kind: 'url password',
    lead: new RegExp(String.raw`${SCHEME}[^\s/?#@:"'<>\\[]{0,256}:(?!\d{1,5}[/?#,])`, 'gi'),
    value: new RegExp(String.raw`([^\s"'<>\\@/?#]{0,256}[/?#][^\s"'<>\\@]{0,256})${AT}(?=@[\w[])`, 'y'),
  },
  {
    kind: 'url password',
    lead: new RegExp(SCHEME, 'gi'),
    value: new RegExp(String.raw`([\w.~%-]{20,256})${AT}`, 'y'),
  },
  {
    // jdbc:oracle:thin:user/password@db:1521/shop
    kind: 'url password',
    lead: /(?<![\w.-])jdbc:oracle:\w{1,8}:[\w.$-]{1,64}\//gi,
    value: /([^\s"'<>\\@/]{1,256})(?=@)/y,
  },
  {
    // user:password@tcp(db:3306)/shop
    kind: 'url password',
    lead: /(?<![\w.-])[\w.-]{1,64}:/g,
    value: /([^\s"'<>\\@:]{1,256})(?=@(?:tcp|udp|unix)6?\()/y,
  },
  {
    // Azure's shared access signatures, and the triggers of its Logic Apps, which Teams calls
    kind: 'url signature',
    lead: /[?&]sig=/g,
    value: /([\w%~.+/=-]{16,})/y,
  },
  {
    kind: 'telegram token',
    lead: /api\.telegram\.org\/(?:file\/)?bot/gi,
    value: /(\d{5,12}:[\w-]{20,})/y,
  },
  ...[
    String.raw`discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{1,24}\/`,
    String.raw`events\.(?:eu\.)?pagerduty\.com\/(?:integration|x-ere)\/`,
    String.raw`maker\.ifttt\.com\/trigger\/[\w-]{1,64}\/(?:json\/)?with\/key\/`,
    String.raw`open\.(?:feishu\.cn|larksuite\.com)\/open-apis\/bot\/v2\/hook\/`,
  ].map((address) => webhook(address, /([\w-]{8,})/y)),
  ...[
    String.raw`\.webhook\.office\.com\/webhookb?2?\/`,
    String.raw`outlook\.office(?:365)?\.com\/webhook\/`,
    String.raw`hooks\.slack\.com\/(?:services|workflows|triggers)\/`,
    String.raw`hooks\.zapier\.com\/hooks\/catch\/\d{1,16}\/`,
  ].map((address) => webhook(address, /([^\s"'<>\\?&)]{8,})/y)),
];

function webhook(address: string, value: RegExp): PlaceRule {
  return { kind: 'webhook url', lead: new RegExp(address, 'gi'), value };
}
