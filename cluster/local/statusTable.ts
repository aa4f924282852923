/** What the status says of a component. */
export interface Row {
  name: string;
  well: boolean;
  state: string;
  pid?: number | undefined;
  memoryBytes?: number | undefined;
  address: string;
}

/** Of n8n's processes in queue mode there may be many of a kind. */
const NUMBERED = /^(n8n-(?:webhook|worker))-\d+$/;
/** The process `n8n` beside them. */
const MAIN = 'n8n (main process)';

/** A line for each component, at most 80 characters wide; those of a kind that are well share one, so that all fit a screen. */
export function statusTable(rows: Row[]): string[] {
  const kinds = new Map<string, Row[]>();
  const isQueue = rows.some(({ name }) => NUMBERED.test(name));
  for (const each of rows) {
    const row = isQueue && each.name === 'n8n' ? { ...each, name: MAIN } : each;
    const kind = row.well ? (NUMBERED.exec(row.name)?.[1] ?? row.name) : row.name;
    kinds.set(kind, [...(kinds.get(kind) ?? []), row]);
  }
  return [...kinds].map(([kind, alike]) => {
    const [first] = alike;
    if (first === undefined || alike.length === 1) return alike.map(line).join('');
    const memoryBytes = alike.reduce((sum, row) => sum + (row.memoryBytes ?? 0), 0);
    return line({ ...first, name: kind, pid: undefined, memoryBytes, address: `${alike.length} of them` });
  });
}

function line({ name, state, pid, memoryBytes, address }: Row): string {
  const memory = memoryBytes === undefined ? '' : `${Math.round(memoryBytes / 2 ** 20)} MiB`;
  return `${name.padEnd(23)} ${state.padEnd(11)} ${String(pid ?? '').padStart(7)} ${memory.padStart(8)}  ${address}`;
}

/** What is below the table: where a person signs in and decides, and what n8n could not send; each under a name of its own. */
export function belowTable({
  login,
  approvals,
  outputs,
}: {
  login?: string;
  approvals: string;
  outputs: string[];
}): string[] {
  const ways = login === undefined ? [] : [entry('Login', login), entry('Approvals', approvals)];
  return [...ways, ...outputs.map((output, index) => entry(index === 0 ? 'Outputs' : '', output))];
}

const entry = (name: string, text: string): string => `${name.padEnd(11)} ${text}`;

/** Names in one line, the last ones as their number where they do not fit. */
export function named(names: string[], width: number): string {
  for (let shown = names.length; shown > 0; shown--) {
    const more = names.length - shown;
    const text = `${names.slice(0, shown).join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
    if (text.length <= width) return text;
  }
  return `${names.length}`;
}
