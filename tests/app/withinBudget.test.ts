/** An action's record is made while the unit of the budget is written; who gets no unit leaves no open record. */
import type { ActionInput } from '../../app/action';
import type { BudgetDenial, Cluster } from '../../app/ports';
import { withinBudget } from '../../app/withinBudget';
import { PipelineError, type PipelineErrorCode } from '../../core/errors';
import { newRecord } from '../../core/response/record';
import { alertOf, contextOf } from '../support/alerts';

const NOW = new Date('2026-11-21T10:16:00.000Z');
const alert = alertOf('pod-quarantine-test');
const context = contextOf(alert);
const problem = (code: PipelineErrorCode) => new PipelineError(code, 'it did not work', { nextStep: '' });

interface World {
  /** What the budget says when it is asked, and what its write says afterwards. */
  judged?: BudgetDenial | null;
  written?: BudgetDenial | PipelineError | null;
  record?: PipelineError;
  confirmed?: PipelineError;
  acted?: PipelineError;
}

const SPENT: BudgetDenial = { guardrail: 'budget', reason: 'the budget is spent' };

async function act({ judged = null, written = null, record, confirmed, acted }: World) {
  const calls: string[] = [];
  const input: ActionInput = {
    incident: { alert, context },
    context,
    mode: 'autonomous',
    dryRun: false,
    readopt: false,
    evidenceMs: 0,
    outageMs: 0,
    now: () => NOW,
    decidedBy: { decision: 'quarantine_pod', by: 'policy', guardrails: [] } as unknown as ActionInput['decidedBy'],
    approvedUid: null,
    record: null,
    changed: [],
    checked: [],
  };
  const uid = context.pod.uid;
  const cluster = {
    reserve: async (_unit: unknown, _share: unknown, _now: Date, _dryRun: boolean, granted: () => void) => {
      if (judged !== null) return judged;
      granted();
      calls.push('reserve');
      await Promise.resolve();
      if (written instanceof PipelineError) throw written;
      return written;
    },
    beginRecord: () => {
      calls.push('record');
      return record === undefined
        ? Promise.resolve({ ...newRecord({ pod: { uid } } as never), status: {} })
        : Promise.reject(record);
    },
    runAction: (_action: string, given: ActionInput) => {
      calls.push(given.record === null ? 'act without a record' : 'act');
      if (acted !== undefined) return Promise.reject(acted);
      given.changed.push('the pod');
      return Promise.resolve({ outcome: 'done', reason: 'isolated' });
    },
    markRecord: (name: string, { state }: { state: string }) => {
      calls.push(`${state} ${name === uid ? 'record' : name}`);
      return Promise.resolve();
    },
    giveBack: () => {
      calls.push('give back');
      return Promise.resolve();
    },
    records: () => Promise.resolve([]),
    recordOnce: () => Promise.resolve(),
  } as unknown as Cluster;
  const confirm = () => (confirmed === undefined ? Promise.resolve() : Promise.reject(confirmed));
  try {
    const { outcome } = await withinBudget(cluster, 'quarantine_pod', input, confirm);
    return { end: outcome, calls, checked: input.checked };
  } catch (error) {
    return { end: error, calls, checked: input.checked };
  }
}

test('makes the record while the unit is written, and acts with it', async () => {
  expect(await act({})).toMatchObject({ end: 'done', calls: ['record', 'reserve', 'act'] });
});

test('makes no record where the budget is spent', async () => {
  expect(await act({ judged: SPENT })).toMatchObject({ end: 'refused', calls: [] });
});

test('gives the record up when another worker took the last unit meanwhile', async () => {
  expect(await act({ written: SPENT })).toMatchObject({
    end: 'refused',
    calls: ['record', 'reserve', 'Abandoned record'],
  });
});

test('gives unit and record back where the namespace is not as it was judged', async () => {
  const confirmed = problem('conflict');
  expect(await act({ confirmed })).toMatchObject({
    end: confirmed,
    calls: ['record', 'reserve', 'give back', 'Abandoned record'],
  });
});

test.each(['rejected', 'forbidden', 'not_found'] as const)(
  'gives unit and record back where the action ends with %s before it changed anything',
  async (code) => {
    const acted = problem(code);
    expect(await act({ acted })).toMatchObject({
      end: acted,
      calls: ['record', 'reserve', 'act', 'give back', 'Abandoned record'],
    });
  },
);

test('keeps unit and record where an answer was lost: the pod may be isolated', async () => {
  const acted = problem('unreachable');
  expect(await act({ acted })).toMatchObject({ end: acted, calls: ['record', 'reserve', 'act'] });
});

test('leaves the record to the next attempt where nobody answered about the budget', async () => {
  const written = problem('unreachable');
  expect(await act({ written })).toMatchObject({ end: written, calls: ['record', 'reserve'] });
});

test('leaves the record to the action where it could not be made beside the budget', async () => {
  expect(await act({ record: problem('unreachable') })).toMatchObject({
    end: 'done',
    calls: ['record', 'reserve', 'act without a record'],
  });
});
