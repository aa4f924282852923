import { runInNewContext } from 'node:vm';

/** What an expression of a committed workflow can see. */
export interface ExpressionInput {
  json: unknown;
  /** The first item of other nodes, by name; it is also the one that the item at hand comes from. */
  nodes?: Readonly<Record<string, unknown>>;
  /** All items of the input. */
  input?: readonly unknown[];
}

/** The value of an n8n expression of a committed workflow, which is one JavaScript expression between `={{` and `}}`. */
export function evaluate(expression: unknown, { json, nodes = {}, input = [] }: ExpressionInput): unknown {
  const [, code] = typeof expression === 'string' ? (/^=\{\{(.*)\}\}$/s.exec(expression) ?? []) : [];
  if (code === undefined) throw new Error(`not an expression: ${String(expression)}`);
  const value: unknown = runInNewContext(`(${code})`, {
    $json: json,
    $: (name: string) => ({ first: () => ({ json: nodes[name] }), item: { json: nodes[name] } }),
    $input: { all: () => input.map((item) => ({ json: item })) },
  });
  // Out of the other context, so that its arrays are arrays here too.
  return JSON.parse(JSON.stringify(value));
}
