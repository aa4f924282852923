import { summaryOfIncident } from '../../../../core/report/summary';
import { INCIDENT } from '../locators';
import { done, type Operation } from '../operation';
import { orProblem } from '../orProblem';
import { recordsOf } from './records';

/** What is kept of one incident, in a few fields: its state, decision, actions, approvals and figures. */
export const get: Operation = {
  name: 'Get',
  value: 'get',
  action: 'Get an incident',
  description: 'Give the state, decision, actions, approvals and figures of one incident',
  fields: [INCIDENT],
  run: (input) =>
    orProblem(input, async (of) => done({ ...of.json, incident: summaryOfIncident(await recordsOf(of)) })),
};
