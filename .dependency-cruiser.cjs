/** Imports run one way: nodes → adapters → app → core, and inside core text → sources → incident → alert → folding → context → facts → analysis → policy → response → remediation → retention → telemetry → report. */
const stairs = [
  'text',
  'sources',
  'incident',
  'alert',
  'folding',
  'context',
  'facts',
  'analysis',
  'policy',
  'response',
  'remediation',
  'retention',
  'telemetry',
  'report',
];

const climbing = stairs.map((folder, step) => ({
  name: `core-${folder}-imports-only-what-is-before-it`,
  severity: 'error',
  from: { path: `^core/${folder}/` },
  to: { path: `^core/(${[...stairs.slice(step + 1), 'never'].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...climbing,
    {
      name: 'core-is-ours-alone',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(app|adapters|nodes|credentials|gate|cluster|tests|bench|eval)/' },
    },
    {
      name: 'drafts-become-alerts-in-core-alert',
      comment: 'A draft has raw texts of a sender; only core/alert verifies, bounds and masks them.',
      severity: 'error',
      from: { pathNot: '^core/(sources|alert)/|^core/incident/alertSource\\.ts$' },
      to: { path: '^core/sources/', pathNot: '^core/sources/senders\\.ts$' },
    },
    {
      name: 'core-is-pure',
      comment:
        'No SDK, no network, no files, no n8n: zod, hashing, and secretlint’s rules, which are regular expressions, are all it needs.',
      severity: 'error',
      from: { path: '^core/' },
      to: {
        dependencyTypesNot: ['local'],
        pathNot: ['node_modules/zod/', 'node_modules/@secretlint/', '^crypto$', '^node:crypto$'],
      },
    },
    {
      name: 'app-knows-core-alone',
      comment: 'Use cases reach the outside through the ports that they declare.',
      severity: 'error',
      from: { path: '^app/' },
      to: { pathNot: '^(app|core)/|^(node:)?(crypto|timers)|node_modules/zod/' },
    },
    {
      name: 'adapters-know-no-n8n',
      severity: 'error',
      from: { path: '^adapters/' },
      to: { path: '^(nodes|credentials|cluster|tests|bench|eval)/|node_modules/n8n-' },
    },
    {
      name: 'adapters-know-no-sibling',
      comment: 'A use case connects two external services; only http/ and diagnosis/ are shared by the adapters.',
      severity: 'error',
      from: { path: '^adapters/([^/]+)/' },
      to: { path: '^adapters/', pathNot: '^adapters/($1|http|diagnosis)/' },
    },
    {
      name: 'nodes-use-adapters-not-sdks',
      severity: 'error',
      from: { path: '^(nodes|credentials)/' },
      to: { path: 'node_modules/(@kubernetes|prom-client|undici|@langchain)/' },
    },
    {
      name: 'product-knows-no-tooling',
      severity: 'error',
      from: { path: '^(nodes|credentials)/' },
      to: { path: '^(cluster|tests|bench|eval)/' },
    },
    {
      name: 'the-gate-is-alone',
      comment: 'What strangers reach first needs nothing but Node, and nothing of ours needs it.',
      severity: 'error',
      from: { path: '^gate/' },
      to: { pathNot: '^gate/|^node:|^(crypto|http|net|stream|timers/promises)$' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^(core|app|adapters)/' }, to: {} },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
