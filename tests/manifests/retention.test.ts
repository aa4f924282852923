import type { V1CustomResourceDefinition, V1ValidatingAdmissionPolicy } from '@kubernetes/client-node';

import { FINAL_STATES } from '../../core/incident/quarantineState';
import { objects } from '../support/manifests';

const policy = objects<V1ValidatingAdmissionPolicy>('ValidatingAdmissionPolicy').find(
  ({ metadata }) => metadata?.name === 'responder-pruning',
);
const expression = policy?.spec?.variables?.find(({ name }) => name === 'isFinal')?.expression ?? '';

/** The states that admission takes for final, of a kind. */
function admitted(plural: string): string[] {
  const [, ofKind = ''] = expression.split(`request.resource.resource == '${plural}'`);
  const [, list = ''] = /variables\.state in \[([^\]]*)\]/.exec(ofKind) ?? [];
  return [...list.matchAll(/'([^']+)'/g)].map(([, state = '']) => state).sort();
}

/** The values that `status.state` of a kind may have. */
function states(plural: string): string[] {
  const [definition] = objects<V1CustomResourceDefinition>('CustomResourceDefinition').filter(
    ({ spec }) => spec.names.plural === plural,
  );
  const status = definition?.spec.versions[0]?.schema?.openAPIV3Schema?.properties?.status;
  return [...((status?.properties?.state?._enum ?? []) as string[])].sort();
}

describe('admission takes for final', () => {
  test('what no Quarantine leaves', () => {
    expect(admitted('quarantines')).toEqual([...FINAL_STATES].sort());
  });

  test('every state of an Approval', () => {
    expect(admitted('approvals')).toEqual(states('approvals'));
  });

  test('every state of a NeoTask in which Neo does nothing any more', () => {
    const goesOn = ['claimed', 'skipped', 'running', 'awaiting_approval', 'overdue'];
    expect(admitted('neotasks')).toEqual(states('neotasks').filter((state) => !goesOn.includes(state)));
  });
});
