import { probe, type ProbeAnswer, type ProbeOptions } from './probe';

/** Servers that people confuse, each with a page that only it answers in this form. */
const KNOWN: readonly { name: string; path: string; form: (json: Record<string, unknown>) => boolean }[] = [
  { name: 'Pushgateway', path: '/api/v1/status', form: ({ data }) => isObject(data) && 'build_information' in data },
  { name: 'Prometheus', path: '/api/v1/status/buildinfo', form: ({ data }) => isObject(data) && 'goVersion' in data },
  { name: 'Loki', path: '/loki/api/v1/status/buildinfo', form: (json) => 'goVersion' in json },
  { name: 'Alertmanager', path: '/api/v2/status', form: (json) => 'versionInfo' in json },
  { name: 'Grafana', path: '/api/health', form: (json) => 'database' in json },
  { name: 'a Kubernetes API server', path: '/version', form: (json) => 'gitVersion' in json },
];

/** Whether an answer is a Pushgateway's, as `KNOWN` tells it. */
export const isPushgatewayStatus = (json: unknown): boolean => isObject(json) && (KNOWN[0]?.form(json) ?? false);

/** Which of them answers at a URL, or null. One request each, side by side, so that it costs one timeout at most. */
export async function knownServerAt(base: string, dispatcher?: ProbeOptions['dispatcher']): Promise<string | null> {
  const answers = await Promise.all(
    KNOWN.map(({ path }) => probe(`${base}${path}`, { dispatcher, timeoutMs: 2_000 }).catch(() => null)),
  );
  const found = KNOWN.find(({ form }, index) => {
    const json = jsonOf(answers[index] ?? null);
    return isObject(json) && form(json);
  });
  return found?.name ?? null;
}

export function jsonOf(answer: Pick<ProbeAnswer, 'status' | 'text'> | null): unknown {
  if (answer === null || answer.status < 200 || answer.status > 299) return null;
  try {
    return JSON.parse(answer.text);
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
