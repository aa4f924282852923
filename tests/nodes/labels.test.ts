import { type INodeProperties, type INodeTypeDescription, NodeHelpers } from 'n8n-workflow';

import { NODES } from '../support/ours';

type Parameters = Record<string, string | number | boolean>;

/** Options on which what else a node shows depends. */
const DECIDING = ['resource', 'operation', 'sender', 'incidentStore', 'claims', 'podFrom', 'approve', 'returnAll'];

const valuesOf = ({ type, options = [] }: INodeProperties) =>
  type === 'boolean' ? [true, false] : options.flatMap((option) => ('value' in option ? [option.value] : []));

/** Every way in which a node can be set, as far as other fields depend on it. */
function settings({ properties }: INodeTypeDescription): Parameters[] {
  const fields = DECIDING.map((name) => properties.filter((property) => property.name === name)).filter(
    (found) => found.length > 0,
  );
  return fields.reduce<Parameters[]>(
    (all, found) => {
      const [{ name } = { name: '' }] = found;
      const values = [...new Set(found.flatMap(valuesOf))];
      return all.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
    },
    [{}],
  );
}

/** The labels of all that a person sees of a node that is set so. */
function labels(type: INodeTypeDescription, chosen: Parameters): string[] {
  const node = { typeVersion: [type.version].flat().at(-1) ?? 1 };
  const all = NodeHelpers.getNodeParameters(type.properties, chosen, true, false, node, type) ?? {};
  const credentials = (type.credentials ?? []).filter((one) => NodeHelpers.displayParameter(all, one, node, type));
  const fields = type.properties.filter(
    (one) => !['notice', 'hidden'].includes(one.type) && NodeHelpers.displayParameter(all, one, node, type),
  );
  // What has no label of its own is called so by n8n.
  return [
    ...credentials.map(({ displayName }) => displayName ?? 'Credential'),
    ...fields.map((one) => one.displayName),
  ];
}

describe.each(NODES.map(({ description }) => [description.displayName, description] as const))('%s', (_name, type) => {
  test('shows no two fields of one name, however it is set', () => {
    const twice = settings(type).flatMap((chosen) => {
      const shown = labels(type, chosen);
      const again = shown.filter((label, index) => shown.indexOf(label) !== index);
      return again.length === 0 ? [] : [{ chosen, again }];
    });
    expect(twice).toEqual([]);
  });

  test('calls each credential by what it is for', () => {
    for (const { displayName } of type.credentials ?? []) expect(displayName).toMatch(/^[A-Z]/);
  });
});
