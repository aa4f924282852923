/** How a held connection is judged; seconds. */
const LIMITS = {
  /** Right before the quarantine: so long before it was asked for. */
  standing: 3,
  /**
   * So many numbers, the first and the last so far apart: a connection that is let go of at once brings several at one
   * time where its client was slow to connect.
   */
  numbers: 3,
  apart: 1,
  /** A number that is no older stands for a connection that carries data now. */
  fresh: 1.5,
  /** From the pod's label to the network plugin's rule, and from the last number to the label, no more may pass. */
  reaction: 5,
  /** A dead connection is silent for so long: TCP repeats what was lost several times meanwhile. */
  silence: 8,
};

const STREAMS = ['inbound', 'outbound', 'control'] as const;
type Stream = (typeof STREAMS)[number];

const MARKS = ['asked', 'labelled', 'closed', 'end'] as const;
type Marks = Record<(typeof MARKS)[number], number>;

interface Arrival {
  at: number;
  connection: number;
  number: number;
}

interface Judgement {
  /** `cut` only where both connections were seen standing right before the quarantine and dead after it. */
  verdict: 'cut' | 'survives' | 'unknown';
  reason: string;
  /** Which connections were held, or `none`. */
  held: string;
}

/** What is wrong with the observations, so that they show nothing. */
class Unknown extends Error {}

/** Judges the probe's observations, in the form that openConnections.ts describes. Never throws. */
export function judge(observations: string): Judgement {
  let held = 'none';
  try {
    const { marks, streams } = read(observations);
    const connections = STREAMS.map((stream) => ({ stream, ...heldOf(stream, streams[stream], marks) }));
    held = connections.map(({ stream, text }) => `${stream} ${text}`).join('; ');
    const surviving = connections.filter(
      ({ stream, last }) => stream !== 'control' && last.at > marks.end - LIMITS.silence,
    );
    if (surviving.length > 0)
      return { verdict: 'survives', reason: surviving.map(({ stream, text }) => `${stream} ${text}`).join('; '), held };
    for (const { stream, connection, last } of connections) {
      if (stream === 'control') controlHolds(last, marks);
      else diedOfIt(stream, connection, streams[stream], last, marks);
    }
    return { verdict: 'cut', reason: 'both directions are silent since, and the control connection goes on', held };
  } catch (error) {
    if (!(error instanceof Unknown)) throw error;
    return { verdict: 'unknown', reason: error.message, held };
  }
}

/** The connection that was standing right before the quarantine, and its last number. */
function heldOf(stream: Stream, arrivals: readonly Arrival[], { asked }: Marks) {
  const before = arrivals.filter(({ at }) => at >= asked - LIMITS.standing && at <= asked);
  const connection = before.at(-1)?.connection;
  const standing = before.filter((arrival) => arrival.connection === connection);
  const [first] = standing;
  const newest = standing.at(-1);
  if (connection === undefined || first === undefined || newest === undefined || !stood(standing.length, first, newest))
    throw new Unknown(`no ${stream} connection was standing right before the quarantine`);
  if (newest.at < asked - LIMITS.fresh)
    throw new Unknown(`the ${stream} connection carried nothing any more when the quarantine was asked for`);
  const own = arrivals.filter((arrival) => arrival.connection === connection);
  const last = own.at(-1) ?? newest;
  const inOrder = own.every(({ number }, index) => index === 0 || number === (own[index - 1]?.number ?? 0) + 1);
  if (!inOrder) throw new Unknown(`the numbers of the ${stream} connection are not in order`);
  const text = `connection ${connection} carried ${first.number} to ${newest.number} right before the quarantine and ${last.number} in the end`;
  return { connection, last, text };
}

function stood(numbers: number, first: Arrival, newest: Arrival): boolean {
  return numbers >= LIMITS.numbers && newest.at - first.at >= LIMITS.apart;
}

function controlHolds(last: Arrival, { end }: Marks): void {
  if (last.at < end - LIMITS.fresh)
    throw new Unknown('the control connection, of which neither end is quarantined, has died as well');
}

/** Whether a connection that is silent now was silenced by the quarantine. */
function diedOfIt(
  stream: Stream,
  connection: number,
  arrivals: readonly Arrival[],
  last: Arrival,
  { labelled, end }: Marks,
): void {
  if (last.at < labelled - LIMITS.reaction)
    throw new Unknown(`the ${stream} connection stopped before the pod was isolated`);
  if (arrivals.some((arrival) => arrival.connection !== connection && arrival.at > end - LIMITS.silence))
    throw new Unknown(`a new ${stream} connection was made after the quarantine`);
}

function read(observations: string): { marks: Marks; streams: Record<Stream, Arrival[]> } {
  const marks: Partial<Marks> = {};
  const streams: Record<Stream, Arrival[]> = { inbound: [], outbound: [], control: [] };
  const broken: Partial<Record<Stream, number>> = {};
  for (const line of observations.split('\n')) {
    const [, name, at] = /^mark ([a-z]+) (\d+\.\d+)$/.exec(line) ?? [];
    const mark = MARKS.find((known) => known === name);
    if (mark !== undefined) marks[mark] = Number(at);
    const stream = STREAMS.find((known) => line.startsWith(`${known} `));
    if (stream === undefined) continue;
    const [, time, connection, number] = /^[a-z]+ (\d+\.\d+) (\d+) (\d+)$/.exec(line) ?? [];
    // A line may be cut off where it was read while it was written, or where a connection broke.
    if (time === undefined) broken[stream] = (broken[stream] ?? 0) + 1;
    else streams[stream].push({ at: Number(time), connection: Number(connection), number: Number(number) });
  }
  for (const stream of STREAMS)
    if ((broken[stream] ?? 0) > 2) throw new Unknown(`what arrived by the ${stream} connection is not readable`);
  return { marks: complete(marks), streams };
}

function complete({ asked, labelled, closed, end }: Partial<Marks>): Marks {
  if (asked === undefined || labelled === undefined || closed === undefined || end === undefined)
    throw new Unknown('the probe did not get to its end');
  if (!(asked <= labelled && labelled <= closed && closed + LIMITS.silence <= end))
    throw new Unknown('the probe did not watch long enough after the quarantine, or its clock went back');
  return { asked, labelled, closed, end };
}
