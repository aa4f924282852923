import { containFirst as contain } from '../../../../app/containFirst';
import { readIncident } from '../../../../core/incident/incident';
import { isSettled } from '../../../../core/incident/response';
import { responseInWords } from '../../../../core/response/responseInWords';
import { hintInWords } from '../../../shared/hint';
import { MODE_PROPERTY } from '../../../shared/mode';
import { actionOptions } from '../act';
import { DRY_RUN } from '../fields';
import { done, type Operation } from '../operation';

/** Isolates the pod at once where that is wanted; the item goes on to be reasoned about in any case. */
export const containFirst: Operation = {
  name: 'Contain First',
  value: 'containFirst',
  action: 'Contain the pod before reasoning',
  description: 'Isolate the pod at once where the ResponsePolicy wants that for rule and namespace',
  fields: [MODE_PROPERTY, DRY_RUN],
  run: async (input) => {
    const contained = await contain(input.cluster, readIncident(input.json), actionOptions(input));
    if (contained === null) return done(input.json);
    const { containment } = contained;
    hintInWords(input.context, responseInWords(containment), isSettled(containment) ? 'info' : 'warning');
    return done({ ...input.json, ...contained });
  },
};
