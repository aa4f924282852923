/** A node, a credential, an operation or a parameter that its page does not name, or does no longer name right, fails here. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeProperties } from 'n8n-workflow';

import { readIncident } from '../core/incident/incident';
import { DOCS_AT } from '../core/names';
import { RESOURCES } from '../nodes/K8sQuarantine/resources';
import { anchorOf, fileOf } from '../pages/renderPage';
import { alertOf } from './support/alerts';
import { ROOT } from './support/manifests';
import { blocksOf, rowsOf, sectionsOf } from './support/markdown';
import { CREDENTIALS, NODES } from './support/ours';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as { n8n: { nodes: string[]; credentials: string[] } };

/** `k8sQuarantine` has its page at `docs/nodes/k8s-quarantine.md`. */
const pageOf = (name: string) => `docs/nodes/${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.md`;

/** What a person chooses from, or fills in: names as n8n shows them. */
const choicesOf = ({ options = [] }: INodeProperties) =>
  options.map((option) => ('displayName' in option ? option.displayName : option.name));

/** Fields that a person sees, without texts between them. */
const fieldsOf = (properties: readonly INodeProperties[]) => properties.filter(({ type }) => type !== 'notice');

const sorted = (names: Iterable<string>) => [...new Set(names)].sort();

/** Choices of a field that its row does not name. */
const notNamed = (rows: ReadonlyMap<string, string>, fields: readonly INodeProperties[]) =>
  fields.flatMap((field) =>
    choicesOf(field)
      .filter((choice) => rows.get(field.displayName)?.includes(choice) !== true)
      .map((choice) => `${field.displayName}: ${choice}`),
  );

const nodes = NODES.map(({ description }) => [description.displayName, description] as const);

test('all nodes and credentials of package.json are looked at', () => {
  expect([NODES.length, CREDENTIALS.length]).toEqual([manifest.n8n.nodes.length, manifest.n8n.credentials.length]);
});

describe.each(nodes)('the page of %s', (title, { name, properties }) => {
  const path = pageOf(name);
  const text = existsSync(join(ROOT, path)) ? read(path) : '';
  const sections = sectionsOf(text);
  const fields = fieldsOf(properties);

  test('has its name, its sections, and a link from the README', () => {
    expect(text.split('\n')[0]).toBe(`# ${title}`);
    expect([...sections.keys()]).toEqual(
      expect.arrayContaining(['Input and output', 'Parameters', 'Credentials', 'Errors and what to do', 'Example']),
    );
    expect(read('README.md')).toContain(`| [${title}](${path}) |`);
  });

  test('is where its link in n8n leads', () => {
    const folder = name.charAt(0).toUpperCase() + name.slice(1);
    const codex = JSON.parse(read(`nodes/${folder}/${folder}.node.json`)) as { resources: object };
    const url = `${fileOf(path).replace(/^docs/, DOCS_AT)}#`;
    expect(codex.resources).toEqual({ primaryDocumentation: [{ url }] });
  });

  test('names each parameter, and no other', () => {
    expect(sorted(rowsOf(sections.get('Parameters')).keys())).toEqual(
      sorted(fields.map(({ displayName }) => displayName)),
    );
  });

  test('names everything that can be chosen for a parameter', () => {
    const chosen = fields.filter(({ name: field }) => field !== 'resource' && field !== 'operation');
    expect(notNamed(rowsOf(sections.get('Parameters')), chosen)).toEqual([]);
  });

  test('names each operation where it belongs, and no other', () => {
    const groups =
      name === 'k8sQuarantine'
        ? RESOURCES.map(({ name: resource, operations }) => [resource, operations.map((one) => one.name)] as const)
        : fields
            .filter((field) => field.name === 'operation')
            .map((field) => ['Operations', choicesOf(field)] as const);
    for (const [section, operations] of groups)
      expect([section, sorted(rowsOf(sections.get(section)).keys())]).toEqual([section, sorted(operations)]);
  });

  test('shows keys of an item that the next node can read', () => {
    for (const example of blocksOf(text, 'json').map((block) => JSON.parse(block) as object))
      expect(() => readIncident({ alert: alertOf(), ...example })).not.toThrow();
  });
});

describe('docs/credentials.md', () => {
  const sections = sectionsOf(read('docs/credentials.md'));

  test.each(CREDENTIALS.map((type) => [type.displayName, type] as const))('names the fields of %s', (title, type) => {
    const rows = rowsOf(sections.get(title));
    const fields = fieldsOf(type.properties);
    expect(sorted(rows.keys())).toEqual(sorted(fields.map(({ displayName }) => displayName)));
    expect(notNamed(rows, fields)).toEqual([]);
  });

  test.each(CREDENTIALS.map((type) => [type.displayName, type] as const))(
    'is where the link among the fields of %s leads, and n8n has no other',
    (title, { properties, documentationUrl }) => {
      const [first] = properties;
      expect(first?.type).toBe('notice');
      expect(first?.displayName).toContain(`href="${DOCS_AT}/credentials.svg#${anchorOf(title)}"`);
      expect(documentationUrl).toBeUndefined();
    },
  );

  test('has no section of a credential that does not exist', () => {
    expect(sorted(sections.keys())).toEqual(sorted(CREDENTIALS.map(({ displayName }) => displayName)));
  });
});
