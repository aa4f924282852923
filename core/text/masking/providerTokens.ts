import type { Span } from './span';

/** How a provider's tokens begin, and how they continue. Both are parts of regular expressions. */
type Format = readonly [provider: string, beginning: string, rest: string];

/** Formats that secretlint's preset lacks, or accepts only in some lengths. */
export const FORMATS: readonly Format[] = [
  ['github', 'gh[oprsu]_', String.raw`[\w-]{20,}(?:\.[\w-]+){0,2}`],
  ['github', 'github_pat_', String.raw`[\w-]{20,}`],
  ['pulumi', 'pul-', '[0-9a-f]{40}'],
  ['digitalocean', 'do[opr]_v1_', '[0-9a-f]{64}'],
  // Bot tokens are a number and a name: 110201543:AAH…
  ['telegram', String.raw`\d{8,10}:(?=A)`, String.raw`[\w-]{35}(?![\w-])`],
  ['discord', String.raw`[MNO][\w-]{23,27}\.(?=[\w-]{6}\.)`, String.raw`[\w-]{6}\.[\w-]{27,}`],
  ['slack', String.raw`xox[a-z]-|xox[a-z]\.xox[a-z]-|xapp-\d-`, String.raw`[\w-]{10,}`],
  ['huggingface', '(?:hf|api_org)_', '[A-Za-z0-9]{34,}'],
  ['google', 'AIza', String.raw`[\w-]{35}`],
  ['google', String.raw`ya29\.`, String.raw`[\w.-]{20,}`],
  ['google', 'GOCSPX-', String.raw`[\w-]{20,}`],
  ['google', String.raw`1\/\/0`, String.raw`[\w-]{40,}`],
  ['aws', 'FwoGZXIvYXdz|FQoGZXIvYXdz|FQoDYXdz|IQoJb3JpZ2luX2Vj', '[A-Za-z0-9/+=%]{40,}'],
  ['azure', String.raw`[\w~.-]{3}\dQ~`, String.raw`[\w~.-]{31,40}`],
  ['pypi', 'pypi-Ag', String.raw`[\w-]{50,}`],
  ['terraform', String.raw`[A-Za-z0-9]{14}\.atlasv1\.`, String.raw`[\w-]{40,}`],
  [
    'gitlab',
    '(?:gl(?:pat|ptt|dt|rt|rtr|ft|ffct|imt|agent|soat|cbt|oas|wt)-|GR1348941)',
    String.raw`[\w-]{20,}(?:\.[\w-]+){0,2}`,
  ],
  ['stripe', 'whsec_', '[A-Za-z0-9+/=]{24,}'],
  ['twilio', 'SK(?=[0-9a-f]{32})', '[0-9a-f]{32}(?![0-9a-f])'],
  ['docker', 'dckr_oat_', String.raw`[\w-]{24,}`],
  ['linear', 'lin_oauth_', '[A-Za-z0-9]{32,}'],
  ['notion', 'secret_(?=[A-Za-z0-9]{43})', '[A-Za-z0-9]{43}(?![A-Za-z0-9])'],
  ['openai', 'sk-(?:proj|svcacct|admin|None)-', String.raw`[\w-]{20,}`],
  ['openai', 'sk-(?=[A-Za-z]{0,31}[0-9])', '[A-Za-z0-9]{32,}'],
  ['openrouter', 'sk-or-v1-', '[0-9a-f]{64}'],
  ['anthropic', String.raw`sk-ant-[a-z]{2,8}\d\d-`, String.raw`[\w-]{20,}`],
  ['grafana', 'eyJrIjoi', '[A-Za-z0-9+/=]{40,}'],
  ['vault', String.raw`hv[sbr]\.`, String.raw`[\w-]{20,}`],
  ['vault', String.raw`s\.(?=[A-Za-z]{0,23}[0-9])`, '[A-Za-z0-9]{24}(?![A-Za-z0-9])'],
  ['pagerduty', String.raw`pd(?:us|eu)\+`, String.raw`[\w-]{20,}`],
  ['age', 'AGE-SECRET-KEY-1', '[A-Z0-9]{50,}'],
  ['atlassian', 'AT(?:ATT|CTT|BB|STT)(?=[A-Za-z0-9])', String.raw`[\w=-]{24,}`],
  ['cloudflare', String.raw`v1\.0-(?=[0-9a-f]{24}-)`, '[0-9a-f]{24}-[0-9a-f]{100,}'],
  ['supabase', 'sbp_|sb_secret_', String.raw`[\w-]{24,}`],
  ['planetscale', 'pscale_(?:tkn|pw|oauth)_', String.raw`[\w.=-]{32,}`],
  ['doppler', String.raw`dp\.(?:pt|st|ct|sa|scim|audit)\.`, String.raw`[\w.-]{40,}`],
  ['postman', 'PMAK-', '[0-9a-f]{24}-[0-9a-f]{34}'],
  ['new relic', 'NR(?:AK|II|JS|IQ)-', '[A-Za-z0-9_-]{20,}'],
  ['sentry', 'sntry[su]_', '[A-Za-z0-9_=+/-]{40,}'],
  ['mailgun', 'key-(?=[0-9a-f]{32})', '[0-9a-f]{32}(?![0-9a-f])'],
  ['mailchimp', '[0-9a-f]{32}-us(?=[0-9])', String.raw`\d{1,2}(?!\w)`],
  ['airtable', String.raw`pat[A-Za-z0-9]{14}\.`, '[0-9a-f]{64}'],
  ['square', 'sq0(?:atp|csp|idp)-', String.raw`[\w-]{22,}`],
  ['dynatrace', String.raw`dt0[a-z]\d\d\.`, String.raw`[A-Z0-9]{8,24}\.[A-Z0-9]{64}`],
  ['sonarqube', 'sq[apu]_', '[0-9a-f]{40}'],
  ['buildkite', 'bk(?:ua|ct|at)_', '[A-Za-z0-9]{36,}'],
  ['netlify', 'nf[pcou]_', '[A-Za-z0-9]{36,}'],
  ['heroku', 'HRKU-', String.raw`[\w-]{30,}`],
  ['fly', 'fm[12]r?_|fo1_', '[A-Za-z0-9+/=_,-]{40,}'],
  ['rubygems', 'rubygems_', '[0-9a-f]{48}'],
  ['crates', 'cio(?=[A-Za-z0-9]{32})', '[A-Za-z0-9]{32}(?![A-Za-z0-9])'],
  ['artifactory', 'AKCp|cmVmdGtu', '[A-Za-z0-9]{50,}'],
  ['mongodb', 'mdb_sa_sk_', String.raw`[\w-]{40,}`],
  ['replicate', 'r8_', '[A-Za-z0-9]{37}'],
  ['perplexity', 'pplx-', '[A-Za-z0-9]{40,}'],
  ['xai', 'xai-', '[A-Za-z0-9]{70,}'],
  ['pinecone', 'pcsk_', String.raw`\w{50,}`],
  ['langsmith', 'lsv2_(?:pt|sk)_', '[0-9a-f]{32}_[0-9a-f]{10}'],
];

/** The kind shown for a provider's token. */
const kindOf = (provider: string) => `${provider} token`;

export const PROVIDER_KINDS: readonly string[] = [...new Set(FORMATS.map(([provider]) => kindOf(provider)))];

/** Where any of them may begin: one combined search, so that a text without tokens is read once. */
export const BEGINNING = new RegExp(`(?<![A-Za-z0-9])(?=${FORMATS.map(([, beginning]) => beginning).join('|')})`, 'g');

export const TOKENS: readonly { kind: string; token: RegExp }[] = FORMATS.map(([provider, beginning, rest]) => ({
  kind: kindOf(provider),
  token: new RegExp(`(?:${beginning})${rest}`, 'y'),
}));

/** Tokens of the providers above, in any context. */
export function findProviderTokens(text: string): Span[] {
  const spans: Span[] = [];
  BEGINNING.lastIndex = 0;
  for (let found = BEGINNING.exec(text); found !== null; found = BEGINNING.exec(text)) {
    let end = found.index;
    for (const { kind, token } of TOKENS) {
      token.lastIndex = found.index;
      if (!token.test(text) || token.lastIndex <= end) continue;
      end = token.lastIndex;
      spans.push({ start: found.index, end, kind });
    }
    BEGINNING.lastIndex = Math.max(end, found.index + 1);
  }
  return spans;
}
