import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { readText } from '../repository/paths';
import { schema, SECRET_KEYS } from '../settings/schema';
import { at } from './support/find';

const environment: unknown = parse(readText('cluster/digitalocean/esc/security-workshop.example.yaml'));
const configuration = Object.entries(at(environment, 'values.pulumiConfig') ?? {});

test('the example of an ESC environment has every key that has no default, and no other than there are', () => {
  const keys = configuration.map(([key]) => key);
  const { error } = schema.safeParse(Object.fromEntries(configuration.map(([key]) => [key, undefined])));
  const required = (error?.issues ?? [])
    .filter(({ message }) => message === 'is missing.')
    .map(({ path }) => String(path[0]));
  for (const key of required) assert.ok(keys.includes(key), key);
  for (const key of keys) assert.ok(key in schema.shape, key);
});

test('it has Neo look at all of a fork of this repository', () => {
  const values = Object.fromEntries(configuration);
  assert.match(String(values['git-repo']), /fork/);
  assert.equal(values['git-directory'], schema.shape['git-directory'].parse(undefined));
});

test("a participant's environment opens no stack, whose outputs are the trainer's", () => {
  const access: unknown = parse(readText('cluster/digitalocean/esc/access.example.yaml'));
  assert.deepEqual(access, { values: { files: { KUBECONFIG: { 'fn::secret': '…' } } } });
});

test('it takes secrets from where ESC encrypts them, and holds none', () => {
  for (const key of SECRET_KEYS) {
    const reference = String(configuration.find(([each]) => each === key)?.[1]);
    const [, path = ''] = /^\$\{(.+)\}$/.exec(reference) ?? [];
    const value = at(environment, `values.${path}`);
    assert.match(JSON.stringify(value), /^\{"fn::secret":"\S{0,7}…"\}$/, key);
  }
});
