import { podFacts } from '../../core/facts/podFacts';
import { analyseWithoutModel } from '../../core/analysis/withoutModel';
import { rosesAnswerSchema } from '../../core/incident/analysis';
import { alertOf, contextOf } from '../support/alerts';

test('an alert with many fields and a pod with all its facts fit into one analysis', () => {
  const fields = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`field.${index}`, `value ${index}`]));
  const alert = alertOf('pod-delete-test', { fields });
  const facts = podFacts({ alert, pod: {}, rights: null, history: null });
  const workload = {
    kind: 'ReplicaSet',
    name: 'web',
    desired: 3,
    ready: 3,
    contained: 0,
    top: { kind: 'Deployment', name: 'web' },
  };
  const { data, error } = rosesAnswerSchema.safeParse(
    analyseWithoutModel(alert, { ...contextOf(alert, { workload }), facts }),
  );
  expect(error).toBeUndefined();
  expect(data?.evidence.at(-1)).toBe('workload: ReplicaSet/web, 3 of 3 replicas ready');
});
