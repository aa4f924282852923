import type { Script } from './script.js';
import type { Run, Turn } from './turn.js';

const USAGE = { 'simulated-model': { input_tokens: 1200, output_tokens: 240 } };

export const runOf = ({ name }: Script): Run => RUNS[name] ?? fixes;

const fixes: Run = async (turn) => {
  await work(turn);
  // Review mode: opening a pull request needs an approval. In the other modes only `pulumi up` does, or nothing.
  if (turn.task.script.approvals === 'by mode' && turn.task.approvalMode === 'manual') await fixAfterApproval(turn);
  else await fix(turn);
};

const asks: Run = async (turn) => {
  await work(turn);
  await fixAfterApproval(turn);
};

const finds: Run = async (turn) => {
  await work(turn);
  await report(turn, 'Nothing in the program has to change.');
};

const errs: Run = async (turn) => {
  await work(turn);
  await turn.say({ type: 'error', message: 'The agent failed and cannot go on.' });
};

const neverEnds: Run = async (turn) => {
  await work(turn);
  await turn.forever();
};

const RUNS: Partial<Record<Script['name'], Run>> = {
  findings: finds,
  'asks-approval': asks,
  errs,
  'never-ends': neverEnds,
};

async function work(turn: Turn): Promise<void> {
  const tool = { tool_call_id: 'call_1', name: 'read_repository' };
  await turn.say({ type: 'set_task_name', name: turn.task.name });
  await turn.say({
    type: 'assistant_message',
    content: 'Looking at the program and at the stack.',
    tool_calls: [{ id: tool.tool_call_id, name: tool.name, args: {} }],
    is_final: false,
    token_usage: USAGE,
  });
  await turn.say({ type: 'exec_tool_call', ...tool });
  await turn.say({ type: 'tool_response', ...tool, content: { files: 3 }, is_error: false });
}

async function fixAfterApproval(turn: Turn): Promise<void> {
  const verifyApproval = await turn.ask({
    message: 'Open a pull request with this change?',
    approval_type: 'tool_permission',
    source: 'agent',
    sensitivity: 'regular',
    context: { tool_name: 'create_pull_request' },
  });
  if (verifyApproval) await fix(turn);
  else await report(turn, 'The pull request was declined.');
}

async function fix(turn: Turn): Promise<void> {
  const { repository, nextPullRequest } = turn.options;
  if (repository === undefined) {
    await report(turn, 'The task has no repository to open a pull request in.');
    return;
  }
  const { org, name, host } = repository;
  const number = nextPullRequest();
  const add = [
    { type: 'pull_request' as const, repo: { type: 'repository' as const, name, org }, number, merged: false },
  ];
  turn.task.entities = [...turn.task.entities, ...add];
  await turn.say({ type: 'change_entities', changes: { add, remove: [] } });
  const values = {
    pull_request: `https://${host}/${org}/${name}/pull/${number}`,
    repository: `${org}/${name}`,
    summary: 'The cause is taken out of the code.',
  };
  await finish(
    turn,
    turn.task.script.fixed ?? 'I opened {{pull_request}}. {{summary}}\nResult: fixed, {{pull_request}}',
    values,
  );
}

async function report(turn: Turn, summary: string): Promise<void> {
  await finish(turn, turn.task.script.notFixed ?? '{{summary}}\nResult: not fixed, {{summary}}', { summary });
}

/** The agent's last word in this turn. */
async function finish(turn: Turn, template: string, values: Record<string, string>): Promise<void> {
  const known: Record<string, string> = { ...values, task_id: turn.task.id };
  const content = template.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => known[name] ?? whole);
  await turn.say({ type: 'assistant_message', content, is_final: true, token_usage: USAGE });
}
