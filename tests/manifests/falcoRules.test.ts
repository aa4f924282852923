import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadYaml } from '@kubernetes/client-node';

import { playbook } from '../../core/policy/playbook';
import { STABLE_ROWS } from '../../core/policy/table/stable';
import { INFRASTRUCTURE_NAMESPACES, NAMESPACES } from '../../core/names';
import stable from '../fixtures/falco-stable.json';
import { alertOf } from '../support/alerts';
import { holds, leaves, parseCondition, type World } from '../support/falcoCondition';
import { ROOT } from '../support/manifests';

interface Entry {
  list?: string;
  items?: string[];
  macro?: string;
  rule?: string;
  condition?: string;
  output?: string;
  priority?: string;
  tags?: string[];
  override?: Record<string, string>;
}

const text = readFileSync(join(ROOT, 'manifests/falco/rules.yaml'), 'utf8');
const entries = loadYaml<Entry[]>(text);
const macros = Object.fromEntries(
  entries.flatMap(({ macro, condition = '' }) => (macro === undefined ? [] : [[macro, parseCondition(condition)]])),
);
const lists = Object.fromEntries(
  entries.flatMap(({ list, items = [] }) => (list === undefined ? [] : [[list, items]])),
);
const rules = entries.flatMap(({ rule, ...rest }) => (rule === undefined ? [] : [{ rule, ...rest }]));

const WORKSHOP = 'Shell Spawned in Container (Workshop)';
/** Fields of Falco's libraries that the stable rules' outputs do not use. */
const FURTHER_FIELDS = ['k8s.ns.name', 'container.image.repository', 'proc.vpid'];

describe('the rules fit the stable set', () => {
  test('what they override is there, and what they add is not', () => {
    const theirs = [...Object.keys(stable.rules), ...stable.macros, ...stable.lists];
    for (const { list, macro, rule, override } of entries) {
      const name = list ?? macro ?? rule ?? '';
      expect([name, theirs.includes(name)]).toEqual([name, override !== undefined]);
      for (const how of Object.values(override ?? {})) expect(['append', 'replace']).toContain(how);
    }
  });

  test('every macro, list and field they use is known, and defined before it is used', () => {
    const defined = new Set(stable.macros);
    for (const { macro, condition } of entries) {
      for (const leaf of condition === undefined ? [] : leaves(parseCondition(condition)))
        if (leaf.kind === 'macro') expect([...defined]).toContain(leaf.name);
        else expect([...stable.outputFields, ...FURTHER_FIELDS]).toContain(leaf.field);
      if (macro !== undefined) defined.add(macro);
    }
  });

  test('they use nothing that Falco is taking away', () => {
    expect(text).not.toMatch(/evt\.dir|%container\.info|append: *true/);
  });
});

describe('every rule of ours', () => {
  test.each(rules)('$rule has what an alert needs', ({ output = '', priority, tags }) => {
    const fields = [...output.matchAll(/%([a-z0-9_.]+(?:\[\w+\])?)/g)].map(([, field]) => field);
    expect(fields).toEqual(expect.arrayContaining(['proc.name', 'proc.cmdline', 'user.name']));
    for (const field of fields) expect(stable.outputFields).toContain(field);
    expect(['WARNING', 'ERROR', 'CRITICAL']).toContain(priority);
    expect(tags).toContain('container');
  });

  test.each(rules)('$rule is in the playbook', ({ rule }) => {
    expect(STABLE_ROWS.map(([name]) => name)).toContain(rule);
  });

  test('a shell without a terminal goes to a person: nobody can tell whose it is', () => {
    expect(playbook(alertOf('test-shell', { rule: WORKSHOP, priority: 'warning' })).decision).toBe('escalate');
  });
});

test('the playbook has every rule of the stable set, and no further one', () => {
  const known = [...Object.keys(stable.rules), ...rules.map(({ rule }) => rule)];
  expect([...new Set(STABLE_ROWS.map(([name]) => name))].toSorted()).toEqual(known.toSorted());
});

describe('what is reported', () => {
  /** A shell that was started in a pod of somebody's namespace, by the program that runs there. */
  const shell = { 'k8s.ns.name': 'shop', 'proc.vpid': 40, 'proc.pname': 'java', 'proc.tty': 0 };
  /** Of the stable set's macros those that our conditions use; `container_entrypoint`: a child of the container runtime. */
  const theirs = { spawned_process: true, container: true, shell_procs: true, never_true: false };

  function world(fields: World['fields'], container_entrypoint = false): World {
    return {
      fields,
      macros: { ...macros, ...theirs, container_entrypoint },
      lists: { ...lists, shell_binaries: ['ash', 'bash', 'sh'] },
    };
  }

  const condition = parseCondition(rules.find(({ rule }) => rule === WORKSHOP)?.condition ?? '');
  const excepted = (macro: string, fields: World['fields']) => holds({ kind: 'macro', name: macro }, world(fields));

  const EXCEPTIONS = [
    'user_known_stand_streams_redirect_activities',
    'user_known_contact_k8s_api_server_activities',
    'user_expected_terminal_shell_in_container_conditions',
  ];

  test('a shell, with and without a terminal, also in n8n and in a pod that is not known yet', () => {
    expect(holds(condition, world(shell))).toBe(true);
    expect(holds(condition, world({ ...shell, 'proc.tty': 34816 }))).toBe(true);
    expect(holds(condition, world({ ...shell, 'k8s.ns.name': NAMESPACES.responder }))).toBe(true);
    expect(holds(condition, world({ ...shell, 'k8s.ns.name': undefined }))).toBe(true);
    expect(holds(condition, world(shell, true))).toBe(true);
  });

  test("not twice: a terminal at the entry point has its own rule, and a script's shells are one", () => {
    expect(holds(condition, world({ ...shell, 'proc.tty': 34816 }, true))).toBe(false);
    expect(holds(condition, world({ ...shell, 'proc.pname': 'sh' }))).toBe(false);
  });

  test("not a container's own first process", () => {
    expect(holds(condition, world({ ...shell, 'proc.vpid': 1 }, true))).toBe(false);
  });

  test.each(lists.infra_namespaces ?? [])('nothing of %s by the three noisy rules and ours', (namespace) => {
    expect(holds(condition, world({ ...shell, 'k8s.ns.name': namespace }))).toBe(false);
    for (const macro of EXCEPTIONS) expect(excepted(macro, { 'k8s.ns.name': namespace })).toBe(true);
  });

  test('everything else of them, and of pods that are not known yet', () => {
    for (const macro of EXCEPTIONS) {
      expect(excepted(macro, { 'k8s.ns.name': 'shop', 'proc.exepath': '/usr/local/bin/node' })).toBe(false);
      expect(excepted(macro, { 'proc.exepath': '/usr/local/bin/node' })).toBe(false);
    }
  });

  test("n8n's program at the API server is not, another program in its pod is", () => {
    const [redirect = '', contact = '', terminal = ''] = EXCEPTIONS;
    const n8n = { 'k8s.ns.name': NAMESPACES.responder, 'proc.exepath': '/usr/local/bin/node' };
    expect(excepted(contact, n8n)).toBe(true);
    expect(excepted(contact, { ...n8n, 'proc.exepath': '/usr/bin/curl' })).toBe(false);
    for (const dropped of ['/tmp/node', '/home/node/.n8n/node', '/home/node/.cache/bin/node', '/node'])
      expect(excepted(contact, { ...n8n, 'proc.exepath': dropped })).toBe(false);
    expect([excepted(redirect, n8n), excepted(terminal, n8n)]).toEqual([false, false]);
  });

  test("the namespaces are the pipeline's infrastructure, less its own", () => {
    expect(lists.infra_namespaces?.toSorted()).toEqual(
      [...INFRASTRUCTURE_NAMESPACES].filter((name) => name !== NAMESPACES.responder).toSorted(),
    );
  });
});
