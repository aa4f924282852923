import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

const { configs: nodesBase } = n8nNodesBase;

export default tseslint.config(
  { ignores: ['dist/', '**/node_modules/', '.local/', '.kind/', '.eval/', 'coverage/', 'cluster/digitalocean/bin/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['core/**/*.ts', 'app/**/*.ts', 'adapters/**/*.ts', 'nodes/**/*.ts', 'gate/**/*.ts'],
    ignores: ['nodes/shared/clock.ts', 'adapters/kubernetes/api/clock.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'Take the time as a parameter; nodes get it from nodes/shared/clock.ts.',
        },
        {
          selector: 'MemberExpression[object.name="Date"][property.name="now"]',
          message: 'Measure durations by performance.now(): the wall clock may be set while one lasts.',
        },
      ],
    },
  },
  {
    files: ['nodes/*/*.node.ts', 'nodes/*/properties.ts', 'credentials/*.credentials.ts'],
    // The variant for nodes that are installed on one's own n8n: n8n Cloud takes none with dependencies of their own,
    // and this bundle stands on real SDKs.
    extends: [n8nCommunityNodesPlugin.configs.recommendedWithoutN8nCloudSupport],
    plugins: { 'n8n-nodes-base': n8nNodesBase },
    rules: {
      // As a tool a node would take its target from the model: docs/adr/0031-no-node-is-a-tool.md.
      '@n8n/community-nodes/node-usable-as-tool': 'off',
      // Nothing is registered anywhere: Falcosidekick is pointed at the URL by its own configuration.
      '@n8n/community-nodes/webhook-lifecycle-complete': 'off',
    },
  },
  {
    files: ['nodes/*/*.node.ts'],
    rules: {
      ...nodesBase.nodes.rules,
      // They want the text 'main'; the newer plugin above wants the constant.
      'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
      'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
    },
  },
  {
    files: ['credentials/*.credentials.ts'],
    // Their documentation is linked among their fields (credentials/helpLink.ts).
    rules: { ...nodesBase.credentials.rules, 'n8n-nodes-base/cred-class-field-documentation-url-missing': 'off' },
  },
  {
    // What n8n's own `n8n-node lint` looks at; docs/publishing.md says why these are off.
    files: ['package.json'],
    extends: [n8nCommunityNodesPlugin.configs.recommendedWithoutN8nCloudSupport],
    plugins: { 'n8n-nodes-base': n8nNodesBase },
    languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
    rules: {
      ...nodesBase.community.rules,
      '@n8n/community-nodes/no-runtime-dependencies': 'off',
      '@n8n/community-nodes/no-overrides-field': 'off',
      '@n8n/community-nodes/require-homepage': 'off',
      '@n8n/community-nodes/valid-author': 'off',
      'n8n-nodes-base/community-package-json-author-name-missing': 'off',
    },
  },
  {
    files: ['cluster/digitalocean/tests/**/*.ts'],
    rules: {
      // Node's test runner awaits these itself.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['describe', 'test', 'before', 'after'], package: 'node:test' },
          ],
        },
      ],
    },
  },
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
);
